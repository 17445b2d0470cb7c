"""The components: one folder each, and `specs`, the list of them. Imports nothing, so that a command is cheap."""
