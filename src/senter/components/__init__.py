"""The components: one folder each, and `specs`, the list of them. Imports nothing, so that a command is cheap."""

ENTRY_POINT_GROUP = "senter.components"
"""Where third parties name the SPECs of theirs."""
