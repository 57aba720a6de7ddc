"""What a case is and what may happen to it: pure values and functions, no database and no request."""
