"""What the worker puts around a chat: what never changes first, then the day, and the time of day with the question.

So a prompt goes on from the one before, over a conversation and over a day, and a model reads only what is new.
"""

from __future__ import annotations

import re
from datetime import datetime

from senter.messages.model import ChatMessage

Messages = tuple[ChatMessage, ...]
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
# A small model that is told the time works it into everything: "there are 14 hours in a day".
_ASKS_THE_TIME = re.compile(
    r"\b(?:time|clock|o'clock|now|tonight|late|early|soon|hours? (?:left|until|till)|minutes? (?:left|until|till)"
    r"|uhr|spät|heure|hora|ora)\b",
    re.IGNORECASE,
)


def with_system_prompt(prompt: str, messages: Messages) -> Messages:
    """The worker's prompt first. A system message of the asker joins it: many chat templates know one only."""
    if not prompt:
        return messages
    if messages[0].role == "system":
        prompt, messages = f"{prompt}\n\n{messages[0].content}", messages[1:]
    return (ChatMessage(role="system", content=prompt), *messages)


def with_moment(messages: Messages, now: datetime) -> Messages:
    """The day at the end of the system prompt; the time of day before a question that may ask for it.

    `now` is in the person's zone.
    """
    first, *others = messages
    if first.role != "system":
        return messages
    first = first.model_copy(update={"content": f"{first.content}\n\n{_today(now)}"})
    if others and others[-1].role == "user" and _ASKS_THE_TIME.search(others[-1].content):
        others[-1] = others[-1].model_copy(update={"content": f"(It is {now:%H:%M}.) {others[-1].content}"})
    return (first, *others)


def _today(now: datetime) -> str:
    date = f"{_DAYS[now.weekday()]}, {now.day} {_MONTHS[now.month - 1]} {now.year}"
    return f"Today is {date} (time zone {getattr(now.tzinfo, 'key', '') or now.tzname()})."
