"""`senter calendar`: what is on, adding and removing events, and which calendars there are."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from senter.client import Client
from senter.client.types import CalendarsReply, CalendarView, Done, EventsReply, GoalReply
from senter.components.task_engine.commands import calendar_agenda
from senter.components.task_engine.commands.calendar_connecting import (
    connected,
    said_of,
    wait_until_taken_up,
    whole_place,
)
from senter.components.task_engine.commands.calendar_removing import chosen_event
from senter.components.task_engine.commands.done_at_once import show_done, until_at_rest
from senter.errors import InvalidInput
from senter.sentences import phrase, told
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.groups import Group
from senter.terminal.options import json_option, no_start_option, prints

EVENTS, REMOVE, CALENDARS = "/api/calendar", "/api/calendar/remove", "/api/calendars"
PATIENCE_SECONDS = 3.0
ADD_EXAMPLE = 'senter calendar add "dentist friday 14:00"'


class DayGroup(Group):
    """Words that name no command name a time: `senter calendar friday`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = args[0] if args else ""
        is_help = named in ctx.help_option_names
        if not is_help and (named.startswith("-") or self.get_command(ctx, named) is None):
            args = ["show", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=DayGroup,
    epilog="Examples: senter calendar, senter calendar week, senter calendar next friday, "
    f"{ADD_EXAMPLE}, senter calendar remove dentist, senter calendar connect ~/work.ics",
)
def calendar() -> None:
    """Show what is on, add and remove events, connect calendars.

    Alone it shows today and what comes next; words that are no command are a TIME: senter calendar friday.
    """


@calendar.command(
    epilog='Examples: senter calendar show week, or in short: senter calendar week, senter calendar "24 dec"'
)
@click.argument("time", nargs=-1)
@no_start_option
@json_option
def show(time: tuple[str, ...], no_start: bool = False, as_json: bool = False) -> None:
    """Show what is on: today and the next seven days, or in TIME: today, tomorrow, week, month, "24 dec"."""
    client = connect(start=not no_start)
    words = " ".join(time)
    found = client.get(EVENTS, EventsReply, when=words or "week", wait_seconds=PATIENCE_SECONDS)
    if as_json:
        output.print_json(found)
        return
    calendar_agenda.print_agenda(found, is_named=bool(words))


@calendar.command(epilog=f'Examples: {ADD_EXAMPLE}, senter calendar add "yoga every tuesday 18:00 until june"')
@click.argument("text", nargs=-1, required=True)
@click.option("--calendar", "named", default="", metavar="NAME", help="The calendar it goes into.")
@no_start_option
@json_option
@click.pass_context
def add(
    ctx: click.Context, text: tuple[str, ...], named: str, no_start: bool = False, as_json: bool = False
) -> int | None:
    """Add an event, in plain words: what, and when. A file or an address instead is connected as a calendar."""
    words = " ".join(text)
    if _is_place(words):
        ctx.invoke(connect_command, place=words, name=named, no_start=no_start, as_json=as_json)
        return None
    client = connect(start=not no_start)
    begun = _added(client, words, named, asks=not as_json and sys.stdin.isatty())
    return _done(client, begun, "Not added", as_json=as_json)


@calendar.command(epilog="Examples: senter calendar remove dentist, senter calendar remove yoga 8 dec")
@click.argument("text", nargs=-1, required=True, metavar="TEXT|ID [TIME]")
@click.option("--all", "-a", "every", is_flag=True, help="Of one that repeats, all of it.")
@no_start_option
@json_option
@click.pass_context
def remove(
    ctx: click.Context, text: tuple[str, ...], every: bool, no_start: bool = False, as_json: bool = False
) -> int | None:
    """Remove an event, by words of its title or its id; of one that repeats, the one at a TIME. A connected file or
    address is disconnected."""
    if _is_place(words := " ".join(text)):
        ctx.invoke(disconnect, name=whole_place(words), as_json=as_json)
        return None
    client = connect(start=not no_start)
    event, is_one = chosen_event(client, list(text), every=every, asks=not as_json and sys.stdin.isatty())
    asked = {"uid": event["uid"], "title": event["title"] or "(no title)"}
    occurrence = event["start"] if is_one else ""
    begun = client.post(REMOVE, GoalReply, request_id=os.urandom(16).hex(), occurrence=occurrence, **asked)
    return _done(client, begun, "Not removed", as_json=as_json)


def _show_list(found: CalendarsReply) -> None:
    columns = ("Calendar", "Kind", "Events", "New events", "State")
    output.print_table(columns, map(_row, found["calendars"]))


@calendar.command("list", epilog="Example: senter calendar list --json")
@prints(_show_list)
def list_() -> CalendarsReply:
    """List the calendars: how each is kept, and how it stands."""
    return connect().get(CALENDARS, CalendarsReply)


@calendar.command(
    "connect",
    epilog="Examples: senter calendar connect ~/work.ics, "
    "senter calendar connect https://cloud.example.org --user ann, senter calendar connect webcal://example.org/a.ics",
)
@click.argument("place", metavar="FILE|FOLDER|ADDRESS")
@click.option("--name", default="", help="What to call it.")
@click.option("--user", default="", help="Your name on a CalDAV server.")
@click.option("--password-stdin", is_flag=True, help="Read the password there from standard input.")
@no_start_option
@json_option
def connect_command(
    place: str, name: str, user: str = "", password_stdin: bool = False, no_start: bool = False, as_json: bool = False
) -> None:
    """Connect a calendar: an .ics file, a folder of them, an address to subscribe to, or a CalDAV server."""
    password = _password(user, asks=not as_json) if user or password_stdin else ""
    client = connect(start=not no_start)
    found = connected(client, place, name, user, password)
    said = f"{told(said_of(found))}\n{told('See: senter calendar list')}"
    output.print_result(found, said, as_json=as_json)


@calendar.command(epilog="Example: senter calendar disconnect work")
@click.argument("name")
@json_option
def disconnect(name: str, as_json: bool) -> None:
    """Disconnect the calendar NAME. What is in it stays as it is."""
    client = connect()
    client.post("/api/calendars/disconnect", Done, name=name)
    wait_until_taken_up(client, name, there=False)
    output.print_result({"disconnected": name}, f"Disconnected: {output.one_line(name)}", as_json=as_json)


def _added(client: Client, words: str, named: str, *, asks: bool) -> GoalReply:
    """On a terminal the person is asked what is missing; else that is the error."""
    try:
        return client.post(EVENTS, GoalReply, request_id=os.urandom(16).hex(), text=words, calendar=named)
    except InvalidInput as error:
        if not asks or error.code != "unclear":
            raise
        answer = click.prompt(told(error.message), default="", show_default=False, err=True)
        if not answer.strip():
            raise
        return client.post(EVENTS, GoalReply, request_id=os.urandom(16).hex(), text=f"{words} {answer}", calendar=named)


def _done(client: Client, begun: GoalReply, not_done: str, *, as_json: bool) -> int:
    reply = until_at_rest(client, begun)
    code = show_done(reply, not_done, as_json=as_json)
    if not code and not as_json:
        output.note("Take it back with: senter undo")
    return code


def _is_place(words: str) -> bool:
    return "://" in words or (words.lower().endswith(".ics") and Path(whole_place(words)).exists())


def _password(user: str, *, asks: bool) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    if not asks:
        raise InvalidInput("Give the password on standard input.", "Add --password-stdin, and pipe it in.")
    return click.prompt(f"Password of {user}", hide_input=True, err=True)


def _row(row: CalendarView) -> output.Row:
    entries = "-" if row["entries"] is None else str(row["entries"])
    rights = "go here" if row["is_for_new"] else "possible" if row["can_write"] else "read only"
    read = phrase("read {when}", when=output.past(row["read_at"])) if row["read_at"] else "well"
    state = output.one_line(row["problem"]) or read
    return (output.one_line(row["name"]), (row["kind"], ""), entries, (rights, ""), (state, ""))
