"""The task engine that proofs by crashes run: its tools count, its plans are given, and faults end it."""
