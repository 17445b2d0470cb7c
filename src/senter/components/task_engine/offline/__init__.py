"""What needs no capable model: reading what a person wants by rules, and writing texts from material."""
