"""Two components for the flood figure: one that floods the bus, one that takes in what comes."""
