"""`senter setup`: three questions to whoever has just begun, and no more. Each answer is kept as it is given."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from senter.cli.setup_answers import (
    AboutPerson,
    chosen_of,
    is_nothing,
    read_about,
    read_folder,
    read_folders,
    read_language,
    read_list,
    read_name,
    read_zone,
)
from senter.cli.setup_steps import SetupSteps
from senter.errors import SenterError
from senter.paths import from_environment
from senter.terminal import output
from senter.terminal.options import json_option, yes_option

if TYPE_CHECKING:
    from senter.cli.setup_guessing import FoundFolder

STOPPED = 130


@click.command(
    epilog="Examples: senter setup, senter setup --name Anna --timezone berlin --folder ~/papers --calendar ~/mine.ics"
)
@click.option("--name", default="", help="What Senter calls you.")
@click.option("--timezone", default="", metavar="PLACE", help="Your city or time zone: berlin, Europe/Berlin.")
@click.option("--language", default="", metavar="en|de", help="The language of answers.")
@click.option(
    "--interests", default="", metavar="TOPICS", help="What to research while nothing else is done: bread,cats."
)
@click.option("--folder", "folders", multiple=True, metavar="FOLDER", help="A folder to read; as often as you like.")
@click.option("--calendar", default="", metavar="PLACE", help="An .ics file, or the address of a calendar.")
@yes_option
@json_option
def setup(
    name: str,
    timezone: str,
    language: str,
    interests: str,
    folders: tuple[str, ...],
    calendar: str,
    yes: bool,
    as_json: bool,
) -> int:
    """Say who you are, and what is yours: folders and calendar.

    Three questions, each skipped with Enter; again at any time. What an option answers is not asked. With --yes nothing
    is asked: the name, time zone and language are taken from the machine. Ctrl-C ends it; what was answered is kept.
    """
    named = tuple(read_folder(folder, []) for folder in folders)
    zone, speaks = read_zone(timezone) if timezone else "", read_language(language) if language else ""
    given = AboutPerson(read_name(name), zone, read_list(interests), speaks)
    steps = SetupSteps(from_environment(), is_quiet=as_json)
    asks = sys.stdin.isatty() and output.is_terminal() and not (yes or as_json)
    if not (asks or yes or folders or calendar or given != AboutPerson()):
        raise click.UsageError("Nobody can be asked here. Add --name, --timezone, --folder, --calendar or --yes.")
    try:
        if given != AboutPerson() or yes:
            steps.set_person(given, guess=yes)
        elif asks:
            _ask_who(steps)
        if folders:
            steps.add_folders(named)
        elif asks:
            _ask_folders(steps)
        if calendar:
            steps.connect(calendar)
        elif asks:
            _ask_calendar(steps)
    except (click.Abort, KeyboardInterrupt):
        output.note(f"\n{steps.kept()} Go on with: senter setup")
        return STOPPED
    steps.finish(as_json=as_json)
    return 0


def _ask_who(steps: SetupSteps) -> None:
    proposed = ", ".join(filter(None, steps.proposed_person())) or "none"
    question = f"1/3 Your name, city and interests, such as Anna, Berlin, old maps [{proposed}]"
    _until_understood(question, lambda said: steps.set_person(read_about(said), guess=True))


def _ask_folders(steps: SetupSteps) -> None:
    proposed = steps.proposed_folders()
    _show_choices(_folder(one) for one in proposed)
    question = f"2/3 Folders to read, such as {'1, ' if proposed else ''}~/papers [none]"
    paths = [one.path for one in proposed]
    _until_understood(question, lambda said: steps.add_folders(read_folders(said, paths)))


def _ask_calendar(steps: SetupSteps) -> None:
    proposed = steps.proposed_calendars()
    _show_choices(output.one_line(str(path)) for path in proposed)
    question = f"3/3 Your calendar: {'a number, ' if proposed else ''}an .ics file or an address [none]"
    _until_understood(question, lambda said: _connect(steps, said.strip(), proposed))


def _connect(steps: SetupSteps, said: str, proposed: list[Path]) -> None:
    place = str(chosen_of(said, proposed) or said)
    if not place:
        return
    user = password = ""
    if place.startswith(("http://", "https://", "caldav")) and not place.endswith(".ics"):
        user = _ask("  The user there [none]")
        password = click.prompt("  The password", default="", show_default=False, hide_input=True) if user else ""
    steps.connect(place, user, password)


def _until_understood(question: str, take: Callable[[str], None]) -> None:
    """Ask until the answer can be taken. Enter always can."""
    while True:
        said = _ask(question)
        try:
            take(said)
        except SenterError as error:
            output.print_error(error.code, error.message, error.hint, as_json=False)
            if not said:
                return
        else:
            return


def _ask(question: str) -> str:
    said = click.prompt(question, default="", show_default=False).strip()
    return "" if is_nothing(said) else said


def _folder(found: FoundFolder) -> str:
    return f"{output.one_line(str(found.path))} ({found.count})"


def _show_choices(choices: Iterable[str]) -> None:
    for number, choice in enumerate(choices, 1):
        output.say(f"  {number}  {choice}")
