"""Making plans, carrying tasks out, looking whether it worked, and writing down what came of it."""
