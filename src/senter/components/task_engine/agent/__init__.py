"""A capable model at work: its plans, its loop over tools, and whether what it wrote keeps to its sources."""
