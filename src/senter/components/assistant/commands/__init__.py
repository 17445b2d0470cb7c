"""`senter ask`, `senter query` and `senter conversations`."""
