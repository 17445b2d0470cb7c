"""`senter goal` and all that looks after goals: approvals, audit, tools, panic."""
