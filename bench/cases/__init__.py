"""What models are asked when it is measured how well they do, with the right answers. Ours; no test set of others."""
