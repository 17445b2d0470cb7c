"""What texts mean, without a daemon and without doing anything: one text, or a batch of JSON lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from senter.clock import utc_now
from senter.errors import InvalidInput
from senter.messages.acts import Act
from senter.messages.understanding import Understanding
from senter.moments.zones import is_zone, user_zone
from senter.understanding.reading import understand

LONGEST_TEXT = 100_000
_MOMENT = re.compile(r"(?P<moment>[^\[\]]+)(?:\[!?(?P<zone>[A-Za-z0-9_+/-]+)\])?(?:\[[^\]]*\])*")
EXAMPLE = "Write it like 2026-03-08T00:30:00-05:00[America/New_York]."
SHOWN = ("kind", "gist", "due", "end", "recurrence", "all_day", "zone", "subject", "span", "confidence")


def read_moment(text: str, zone: str = "") -> tuple[datetime, ZoneInfo]:
    """A moment as RFC 9557 has it, and its zone: that in brackets, else `zone`, else the user's."""
    found = _MOMENT.fullmatch(text.strip())
    named = zone or (found["zone"] if found and found["zone"] else "")
    try:
        moment = datetime.fromisoformat(found["moment"] if found else "")
    except ValueError as error:
        raise InvalidInput(f'Cannot read "{text[:80]}" as a moment.', EXAMPLE) from error
    place = read_zone(named)
    return (moment if moment.tzinfo else moment.replace(tzinfo=place)), place


def read_zone(name: str) -> ZoneInfo:
    """The zone of that name, or the user's where it is empty."""
    if name and not is_zone(name):
        raise InvalidInput(f'There is no time zone "{name[:80]}".', "Use a name such as Europe/London.")
    return user_zone(name)


def understood(text: str, moment: str = "", zone: str = "") -> Understanding:
    """What the text means, at that moment or now."""
    now, place = read_moment(moment, zone) if moment else (utc_now(), read_zone(zone))
    return understand(text, now, place)


def batch(lines: Iterable[str], zone: str = "") -> Iterator[dict[str, object]]:
    """For each line with {"id", "text", "now"} its {"id", "acts", "question"}; for a bad one {"id", "error"}."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _line(line, number, zone)


def _line(line: str, number: int, zone: str) -> dict[str, object]:
    named: object = None
    try:
        row = _row(line)
        named = row.get("id")
        found = understood(_text(row), _moment(row), zone)
    except InvalidInput as error:
        return {"id": named, "line": number, "error": f"{error.message} {error.hint}".strip()}
    question = found.question.question if found.question else None
    return {"id": named, "acts": [as_row(act) for act in found.acts], "question": question}


def _row(line: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("Cannot read the line as JSON.", _LINE) from error
    if not isinstance(row, dict):
        raise InvalidInput("The line is no JSON object.", _LINE)
    return cast(dict[str, object], row)


_LINE = 'Write {"id": 1, "text": "...", "now": "2026-03-08T00:30:00-05:00[America/New_York]"}.'


def _text(row: dict[str, object]) -> str:
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise InvalidInput("The line has no text.", _LINE)
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(f"The text is longer than {LONGEST_TEXT:,} characters.")
    return text


def _moment(row: dict[str, object]) -> str:
    moment = row.get("now")
    if moment is not None and not isinstance(moment, str):
        raise InvalidInput("The line's now is no text.", EXAMPLE)
    return moment or ""


def as_row(act: Act) -> dict[str, object]:
    """What a batch prints of an act."""
    return act.model_dump(mode="json", include=set(SHOWN))
