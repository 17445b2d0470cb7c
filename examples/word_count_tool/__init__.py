"""The thing to copy: a tool in a package of its own. See docs/tools.md."""
