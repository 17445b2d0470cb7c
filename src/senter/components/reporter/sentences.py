"""What is said of an activity: one sentence, made from its kind and what it names."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

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
        return one_line(summary)
    if kind == "goal_completed":
        beginning = UNSUCCESSFUL.get(str(details.get("status", "")), beginning)
    why = details.get("error") if kind == "task_failed" else None
    reason = f" - {one_line(why)}" if isinstance(why, str) and why.strip() else ""
    return f"{beginning}: {one_line(named)}{reason}"


def one_line(text: str) -> str:
    """On one line, without what a terminal would obey, cut to what fits into a sentence."""
    return cut(" ".join("".join(c if c.isprintable() else " " for c in text[: 4 * SENTENCE_CHARACTERS]).split()))


def cut(text: str, most: int = SENTENCE_CHARACTERS) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
