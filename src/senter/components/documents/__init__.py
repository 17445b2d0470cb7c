"""The user's own documents: kept in a full-text index, followed as they change, searched in milliseconds."""
