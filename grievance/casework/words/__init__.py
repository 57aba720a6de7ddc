"""What becomes of what somebody wrote: translated, a name read by agreement, kept longer, erased in time."""
