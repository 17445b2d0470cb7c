"""`senter understand`: what a sentence would do, without doing it; one, or a file of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict, cast

import click

from senter.errors import CommunicationError, DaemonNotRunning, InvalidInput
from senter.paths import from_environment
from senter.terminal import output
from senter.terminal.options import json_option
from senter.terminal.words import read_text_argument
from senter.terminal.zone import user_zone

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

NOTHING = InvalidInput("There is no sentence.", 'Try: senter understand "Remind me to call mom tomorrow at 9"')
BATCH_EXAMPLE = '{"id": 1, "text": "...", "now": "2026-03-08T00:30:00-05:00[America/New_York]"}'
DAEMON_SECONDS = 10.0


class _Act(TypedDict):
    kind: str
    gist: str
    due: str | None
    end: str | None
    recurrence: str | None
    zone: str
    place: str
    subject: str | None
    subject_is_open: bool
    change: str | None
    things: list[dict[str, str]]


class _Alternative(TypedDict):
    label: str
    says: str


class _Question(TypedDict):
    question: str
    alternatives: list[_Alternative]


class _Understanding(TypedDict):
    acts: list[_Act]
    question: _Question | None
    zone: str


@click.command(
    epilog='Examples: senter understand "Remind me to call mom at 9", senter understand --batch sentences.jsonl'
)
@click.argument("text", nargs=-1)
@click.option(
    "--now", "moment", metavar="MOMENT", default="", help=f"Read it at that moment, not now: {'2026-12-24T18:00'}."
)
@click.option("--zone", metavar="ZONE", default="", help="Read it in that time zone, not yours.")
@click.option("--batch", metavar="FILE", help=f"Read JSON lines instead, such as {BATCH_EXAMPLE}; - is standard input.")
@json_option
def understand(text: Sequence[str], moment: str, zone: str, batch: str | None, as_json: bool) -> int:
    """Show what a sentence would do, and do nothing.

    Each act is shown with its moment in full, and the question that would be asked first. While Senter runs, it knows
    what your sentence may speak of; with --now and --batch it is read by itself. Works without a running Senter, too.
    """
    if batch is not None:
        return _batch(text, batch, zone)
    found = _understood(read_text_argument(text, "sentence", NOTHING), moment, zone)
    if as_json:
        output.print_json(found)
    else:
        _show(found)
    return 0


def _understood(text: str, moment: str, zone: str) -> _Understanding:
    if not moment:
        with suppress(DaemonNotRunning, CommunicationError):
            return _asked(text, zone)
    from senter.operations.understanding import understood

    found = understood(text, moment, zone, _own_zone())
    return cast(_Understanding, found.model_dump(mode="json"))


def _asked(text: str, zone: str) -> _Understanding:
    """What the daemon says, which knows what exists."""
    from senter.client import Client

    client = Client(from_environment(), command_timeout_seconds=DAEMON_SECONDS, reconnect_seconds=0.0)
    found = client.post("/api/understand", dict[str, object], text=text, zone=zone or _own_zone())
    return cast(_Understanding, found)


def _own_zone() -> str:
    return user_zone().key


def _batch(text: Sequence[str], file: str, zone: str) -> int:
    if text:
        raise click.UsageError("Give a sentence or --batch, not both.")
    from senter.operations.understanding import batch

    is_fine = True
    with _lines(file) as lines:
        for row in batch(lines, zone, _own_zone()):
            is_fine = is_fine and "error" not in row
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 0 if is_fine else 1


@contextmanager
def _lines(file: str) -> Generator[Iterable[str]]:
    try:
        with click.open_file(file, encoding="utf-8-sig", errors="replace") as lines:
            yield lines
    except FileNotFoundError as error:
        raise InvalidInput(f"There is no file {file}.", f"Write a line for each sentence: {BATCH_EXAMPLE}") from error


def _show(found: _Understanding) -> None:
    for act in found["acts"]:
        output.say(_line(act, found["zone"]))
    if question := found["question"]:
        output.say(f"Would ask: {question['question']}")
        for number, choice in enumerate(question["alternatives"], 1):
            output.say(f"  {number} {choice['label']}: {choice['says']}")


def _line(act: _Act, zone: str) -> str:
    kind = " ".join(filter(None, (act["kind"], act["change"] or "", _about(act))))
    parts = [kind, act["gist"], _when(act, zone), act["place"], *(_thing(thing) for thing in act["things"])]
    return " · ".join(part for part in parts if part)


def _about(act: _Act) -> str:
    if act["subject_is_open"]:
        return "about mine, if my things speak of it, else about the world"
    return f"about {act['subject']}" if act["subject"] else ""


def _thing(thing: Mapping[str, str]) -> str:
    return f"{thing['kind']} {thing['id']}: {thing['title']}"


def _when(act: _Act, zone: str) -> str:
    """In full, as everywhere."""
    from zoneinfo import ZoneInfo

    from senter.moments.shown import shown_when

    if not act["due"]:
        return act["recurrence"] or ""
    place = ZoneInfo(act["zone"] or zone)
    end = _read(act["end"], place) if act["end"] else None
    return shown_when(_read(act["due"], place), place, end, act["recurrence"] or "")


def _read(stamp: str, zone: ZoneInfo) -> date | datetime:
    return datetime.fromisoformat(stamp).replace(tzinfo=zone) if "T" in stamp else date.fromisoformat(stamp)
