"""What can be quoted of a text, and whether a text keeps to what it cites. Pure: no component, no model."""
