"""One record of a log: how a line is understood, and how it looks to people.

A line that is not one of ours is shown as it is; nats-server's own kind is understood.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, tzinfo
from typing import TypeAlias, cast

Record: TypeAlias = dict[str, object]

LEVELS = ("debug", "info", "warning", "error", "critical")

_NATS_LINE = re.compile(r"\[\d+\] (\d{4})/(\d\d)/(\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) \[(\w{3})\] (.*)")
_NATS_LEVELS = {"TRC": "debug", "DBG": "debug", "WRN": "warning", "ERR": "error", "FTL": "critical"}
_SHOWN_FIRST = frozenset({"timestamp", "level", "component", "event", "pid", "traceback"})
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def parse_line(line: str, component: str, since: str = "") -> Record:
    """One line of a log as a record; `since` is the time of a line that has none of its own."""
    try:
        parsed: object = json.loads(line)
    except (ValueError, RecursionError):
        parsed = None
    if isinstance(parsed, dict) and "event" in parsed:
        return {"timestamp": since, "level": "info", "component": component} | cast("Record", parsed)
    return _foreign_line(line, component, since)


def render_line(record: Record, zone: tzinfo | None = None) -> str:
    """One record for people: time in `zone` (else the machine's), level, component, event, fields; then a traceback."""
    level, component, event = (str(record.get(name, "")) for name in ("level", "component", "event"))
    hidden = _SHOWN_FIRST if event != "started" else _SHOWN_FIRST - {"pid"}
    fields = " ".join(f"{name}={_shown(value)}" for name, value in record.items() if name not in hidden)
    line = f"{_local_time(record, zone)} {level.upper():8} {component:16} {event} {fields}".rstrip()
    traceback = str(record.get("traceback", ""))
    return _printable("\n    ".join([line, *traceback.splitlines()]))


def _foreign_line(line: str, component: str, since: str) -> Record:
    if found := _NATS_LINE.match(line):
        year, month, day, clock, level, text = found.groups()
        stamp = f"{year}-{month}-{day}T{clock}Z"
        level = _NATS_LEVELS.get(level, "info")
        return {"timestamp": stamp, "level": level, "component": component, "event": text}
    return {"timestamp": since, "level": "info", "component": component, "event": line}


def matters(record: Record, level: str) -> bool:
    """Whether a record is of `level` or above; of an unknown level, always."""
    found = record.get("level")
    return found not in LEVELS or LEVELS.index(str(found)) >= LEVELS.index(level)


def time_of(record: Record) -> str:
    """When it was written: fixed-width text in UTC, so that order of text is order of time."""
    return str(record.get("timestamp", ""))


def stamp(moment: datetime) -> str:
    """A moment in UTC as records carry it."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _local_time(record: Record, zone: tzinfo | None) -> str:
    try:
        moment = datetime.fromisoformat(time_of(record))
    except ValueError:
        return f"{time_of(record):19}"
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _shown(value: object) -> str:
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, default=str)
    text = value
    return json.dumps(text, ensure_ascii=False) if not text or re.search(r"[\s\"=]", text) else text


def _printable(text: str) -> str:
    """Text of a model or a stranger must not steer the terminal."""
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
