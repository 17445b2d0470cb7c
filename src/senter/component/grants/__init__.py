"""What the words of a grant mean, for whoever takes one in: folders, hosts, and what no grant opens."""
