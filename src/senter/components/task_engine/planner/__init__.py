"""From what a person wants to a plan that can be checked."""
