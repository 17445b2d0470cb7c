"""A capable model in a conversation: it looks at what is the user's, and has things done that can be taken back."""
