"""Everything components say to each other, one file per subject."""
