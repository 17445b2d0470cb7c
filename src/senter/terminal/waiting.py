"""What waits for a person, in words: said by the status and the list of goals."""

from __future__ import annotations

from senter.terminal import output


def what_waits(count: int, first: str) -> str:
    """How many approvals wait, and the oldest of them with how it is decided."""
    waits = "1 approval waits" if count == 1 else f"{count:,} approvals wait"
    others = "" if count == 1 else " The others: senter approvals"
    return f"{waits} for you: {output.one_line(first)}.{others}"
