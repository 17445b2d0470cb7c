"""What the task engine remembers: goals, tasks, attempts, steps, approvals, the audit log."""
