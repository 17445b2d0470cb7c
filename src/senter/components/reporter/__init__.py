"""What was done, kept and told: progress, digests, notifications."""
