"""Times and lengths of time as people write and read them."""
