"""The command line. `main` finds the command, one module holds each group of commands."""
