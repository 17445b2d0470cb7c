"""The loop that has goals planned and tasks carried out, and answers what people say about them."""
