"""What every part of the task engine shares: plans, tools, steps, access. Imports nothing of the other parts."""
