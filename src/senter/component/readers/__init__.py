"""What a person would read in a file, one module for each family of kinds. Run in the child of `Reader` alone.

Each takes the bytes of a file and adds what it finds to a `Lines`; what it cannot read it says with `Unreadable`.
Libraries are imported by the module that needs them, so that a child knows only the kinds it was asked for.
"""
