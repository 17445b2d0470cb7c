"""A component that leaves the research workers no rest."""
