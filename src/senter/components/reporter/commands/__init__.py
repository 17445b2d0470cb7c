"""`senter progress`, `senter digest` and `senter notify`."""
