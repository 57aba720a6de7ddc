"""Keeps the roots that a house published, outside of it, and holds cases and proofs against them: no database, no app."""
