"""A conversation as a Markdown document."""

from __future__ import annotations

from senter.client.types import Conversation, Turn
from senter.terminal.output import moment

_ENDINGS = {
    "answering": "The answer is being written.",
    "failed": "There is no answer",
    "cancelled": "It was cancelled",
    "interrupted": "The answer was interrupted",
}


def as_markdown(conversation: Conversation) -> str:
    """Questions as quotations, answers as they are, and what became of those that have none."""
    parts = [f"# {conversation['summary']['title']}"]
    if conversation["truncated"]:
        parts.append("*Older turns are left out.*")
    for turn in conversation["turns"]:
        parts.extend(_turn(turn))
    return "\n\n".join(parts)


def _turn(turn: Turn) -> list[str]:
    quoted = "\n".join(f"> {line}".rstrip() for line in turn["text"].splitlines() or [""])
    parts = [f"## {moment(turn['asked_at'])}", quoted]
    if turn["response"]:
        parts.append(turn["response"])
    ending = _ENDINGS.get(turn["state"])
    if ending:
        parts.append(f"*{ending}{': ' + turn['error'] if turn['error'] else ''}*")
    elif turn["model"]:
        parts.append(f"*{turn['model']}{', degraded' if turn['degraded'] else ''}*")
    return parts
