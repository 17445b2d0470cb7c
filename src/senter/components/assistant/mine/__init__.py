"""What is the user's own, looked up for a question: pieces of texts, ranked, quoted, and summed in tables."""
