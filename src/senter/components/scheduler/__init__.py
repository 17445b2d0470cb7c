"""The scheduler: work at its time."""
