"""Forms: the shape of what is asked, checked; what they yield is frozen, and nothing is ever poured into a row."""
