"""`senter schedule` and `senter remind`."""
