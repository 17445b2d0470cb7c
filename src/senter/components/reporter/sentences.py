"""What is said of an activity: one sentence, made from its kind and what it names."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from senter.text import one_line

SENTENCE_CHARACTERS = 200
NAMED = {
    "plan_created": ("Created plan for", "description"),
    "task_completed": ("Completed", "description"),
    "task_failed": ("Failed", "description"),
    "goal_completed": ("Goal achieved", "description"),
    "research_complete": ("Researched", "topic"),
    "learning": ("Learned", "insight"),
    "insight_learned": ("Learned", "insight"),
}
UNSUCCESSFUL = {"failed": "Goal failed", "cancelled": "Goal cancelled", "quarantined": "Goal quarantined"}


def sentence(kind: str, details: Mapping[str, JsonValue], summary: str) -> str:
    """The sentence of its kind; what it says of itself where it names nothing."""
    beginning, name = NAMED.get(kind, ("", ""))
    named = details.get(name)
    if not isinstance(named, str) or not named.strip():
        return one_line(summary, SENTENCE_CHARACTERS)
    if kind == "goal_completed":
        beginning = UNSUCCESSFUL.get(str(details.get("status", "")), beginning)
    why = details.get("error") if kind == "task_failed" else None
    reason = f" - {one_line(why, SENTENCE_CHARACTERS)}" if isinstance(why, str) and why.strip() else ""
    return f"{beginning}: {one_line(named, SENTENCE_CHARACTERS)}{reason}"
