"""Simple facts that need no model: sums, units, days. What is not read with certainty is left to others."""
