"""Which event a person means: by words of its title or its id, and the time where it is one of several."""

from __future__ import annotations

from collections.abc import Sequence

import click

from senter.client import Client
from senter.client.types import EventsReply, EventView
from senter.errors import InvalidInput, NotFound, SenterError
from senter.terminal import output
from senter.text import cut

EVENTS = "/api/calendar"
PATIENCE_SECONDS, A_YEAR = 10.0, "year"
LEAST_ID, MOST_OFFERED, LONGEST_TITLE = 6, 9, 40


def chosen_event(client: Client, words: Sequence[str], *, every: bool, asks: bool) -> tuple[EventView, bool]:
    """The event, and whether that one occurrence of it alone is meant. Raises `InvalidInput` where nobody can be asked
    which of several, `NotFound` where there is none."""
    year = _shown(client, A_YEAR)
    found, timed = _found(client, year, words)
    if not found:
        raise NotFound(f"There is no event like this: {' '.join(words)}", _where_else(year["problem"]))
    repeats = {event["uid"] for event in found if sum(one["uid"] == event["uid"] for one in found) > 1}
    offered = found if timed else list({event["uid"]: event for event in reversed(found)}.values())[::-1]
    event = offered[0] if len(offered) == 1 else _asked(offered, asks=asks)
    if every or (event["uid"] not in repeats and not timed):
        return event, False
    if timed:
        return event, _comes_again(year, event)
    if not asks:
        hint = "Name the day of the one that is meant, or add --all."
        raise InvalidInput(f"{output.one_line(event['title'])} comes again.", hint)
    return event, not click.confirm("It comes again. Remove all of it?", default=False, err=True)


def _found(client: Client, year: EventsReply, words: Sequence[str]) -> tuple[list[EventView], bool]:
    """Those whose title or id is meant, and whether a time was named: the last words, where they say one. The year may
    not be all there: of a full calendar it is the beginning."""
    if fitting := _fitting(year["events"], " ".join(words)):
        return fitting, False
    for split in range(1, len(words)):
        title = " ".join(words[:split])
        may_be = bool(year["problem"] or _fitting(year["events"], title))
        try:
            there = _shown(client, " ".join(words[split:]))["events"] if may_be else ()
        except SenterError:
            continue
        if there:
            return _fitting(there, title), True
    return [], False


def _where_else(problem: str) -> str:
    if not problem:
        return "See what is on: senter calendar show month"
    return f"Name its day, too: not all could be looked through ({output.one_line(problem).rstrip('.')})."


def _shown(client: Client, when: str) -> EventsReply:
    return client.get(EVENTS, EventsReply, when=when, wait_seconds=PATIENCE_SECONDS)


def _fitting(events: Sequence[EventView], words: str) -> list[EventView]:
    wanted = words.casefold()
    named = [one for one in events if len(wanted) >= LEAST_ID and one["uid"].casefold().startswith(wanted)]
    return named or [one for one in events if wanted in one["title"].casefold()]


def _comes_again(year: EventsReply, event: EventView) -> bool:
    return sum(one["uid"] == event["uid"] for one in year["events"]) > 1


def _asked(offered: Sequence[EventView], *, asks: bool) -> EventView:
    lines = [f"{number}. {_told(event)}" for number, event in enumerate(offered[:MOST_OFFERED], 1)]
    if not asks:
        raise InvalidInput("\n".join(("Which of these is meant?", *lines)), "Name it by its id or its day.")
    for line in lines:
        output.note(line)
    number = click.prompt("Which one", type=click.IntRange(1, len(lines)), err=True)
    return offered[number - 1]


def _told(event: EventView) -> str:
    when = event["start"] if event["all_day"] else output.past(event["start"])
    return f"{cut(output.one_line(event['title']), LONGEST_TITLE)}, {when} ({output.one_line(event['uid'])[:8]})"
