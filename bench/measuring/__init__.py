"""What the figures share: reports, scratch homes, what processes cost, HTTP, and the peers they are compared with."""
