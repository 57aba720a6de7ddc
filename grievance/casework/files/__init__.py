"""What people send with their words: kept, entered, shown, and asked about at a scanner."""
