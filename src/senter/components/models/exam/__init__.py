"""What a model can do, measured: small tasks with exact checks, and what its endpoint really has."""
