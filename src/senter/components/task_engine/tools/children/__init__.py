"""Tools that live in a child process: those of other packages, MCP servers, calendars, a search."""
