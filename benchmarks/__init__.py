"""Measures what a filing, a page, a list and a sweep cost, each beside a floor in the same run."""
