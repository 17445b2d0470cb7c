"""What every command line needs: output, groups, options and text. The commands are in `cli` and in components."""
