"""The thing to copy: a whole component in one small package. See docs/development.md."""
