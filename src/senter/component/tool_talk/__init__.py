"""What a model that has tools says and is told: its calls, its answers, and text of others between marks."""
