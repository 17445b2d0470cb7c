"""Questions about the use of Senter, and settings that are said: answered from a table, and by no model."""
