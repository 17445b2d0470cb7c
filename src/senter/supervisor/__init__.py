"""The parent of every process: holds the lock, starts, watches, restarts, stops. It has no business logic."""
