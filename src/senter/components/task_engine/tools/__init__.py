"""What tasks can do: one file for each tool."""
