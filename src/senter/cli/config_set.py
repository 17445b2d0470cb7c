"""`senter config set`, `get` and `unset`: one setting by its key."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import click

from senter.cli.changing import ChangeReport, change_settings, said_of
from senter.errors import InvalidInput
from senter.paths import from_environment
from senter.terminal import output
from senter.terminal.options import json_option
from senter.terminal.words import read_text_argument

if TYPE_CHECKING:
    from pydantic import JsonValue

    from senter.settings import Settings
    from senter.settings.keys import SettingKey

STANDARD_INPUT = "-"


class SettingSaid(TypedDict):
    """One setting: what is in effect, and where it was set."""

    key: str
    value: object
    source: str


class SettingChange(SettingSaid, ChangeReport):
    """One setting after a change."""


@click.command(
    "set",
    epilog="Examples: senter config set user.timezone Europe/Berlin, senter config set user.interests bread,cats, "
    "senter config set models.primary.api_key",
)
@click.argument("key")
@click.argument("value", nargs=-1)
@json_option
def set_(key: str, value: tuple[str, ...], as_json: bool) -> None:
    """Set KEY to VALUE in the settings file; a running daemon goes by it at once.

    Several at once are written as KEY=VALUE each. A list is written as ["a", "b"] or as a,b. A secret is asked for and
    not shown, or read from standard input with -.
    """
    from senter.settings.keys import value_of

    pairs = [_pair(word) for word in (key, *value)] if "=" in key else [(key, value)]
    values = {
        each: _from_here(named, value_of(named, _given(named, words)))
        for each, words in pairs
        for named in [_named(each)]
    }
    _show_change([*values], change_settings(from_environment(), values), as_json)


def _from_here(key: SettingKey, value: JsonValue) -> JsonValue:
    """A file or folder that is there, seen from where the command was called, by its whole path."""
    if not (key.is_place and isinstance(value, str)) or value.startswith(("~", "/")):
        return value
    here = Path.cwd() / value
    return str(here) if value and here.exists() else value


def _pair(word: str) -> tuple[str, tuple[str, ...]]:
    key, equals, value = word.partition("=")
    if not equals:
        raise click.UsageError(f"Write {word!r} as KEY=VALUE, too.")
    return key, (value,)


@click.command(epilog="Examples: senter config unset user.timezone, senter config unset user.name user.interests")
@click.argument("keys", metavar="KEY...", nargs=-1, required=True)
@json_option
def unset(keys: tuple[str, ...], as_json: bool) -> None:
    """Take each KEY out of the settings file: its default counts again."""
    for key in keys:
        _named(key)
    _show_change([*keys], change_settings(from_environment(), dict.fromkeys(keys)), as_json)


@click.command(epilog="Examples: senter config get user.timezone, senter config get user")
@click.argument("key")
@json_option
def get(key: str, as_json: bool) -> None:
    """Print the value of KEY, or every setting of a section. Secrets are masked."""
    if found := _section(key):
        rows = [(said["key"], _as_json(said["value"]), said["source"]) for said in found]
        output.print_json(found) if as_json else output.print_table(("Setting", "Value", "Source"), rows)
        return
    said = _setting(key)
    text = said["value"] if isinstance(said["value"], str) else _as_json(said["value"])
    output.print_result(said, output.printable(text), as_json=as_json)


def _named(key: str) -> SettingKey:
    from senter.settings.keys import find_setting
    from senter.supervisor.configuration import MOVED, known_sections

    return find_setting(known_sections(), key, MOVED)


def _given(key: SettingKey, words: tuple[str, ...]) -> str:
    """The value that was typed, piped in, or is asked for now."""
    if words == (STANDARD_INPUT,):
        return read_text_argument(words, "The value", InvalidInput("The value is empty.")).rstrip("\r\n")
    if words and not key.is_secret:
        return " ".join(words)
    if words:
        raise InvalidInput(
            f"{key.text} is a secret, which a command line shows to others.",
            f"Type it when asked: senter config set {key.text}. Or pipe it in: senter config set {key.text} -",
        )
    if not sys.stdin.isatty():
        raise click.UsageError(f"Name the value, {key.expected}: senter config set {key.text} VALUE")
    return click.prompt(f"{key.text} ({key.expected})", hide_input=key.is_secret, err=True)


def _section(prefix: str) -> list[SettingSaid]:
    """Every setting of a section and of those below it."""
    settings = _settings()
    return [
        {"key": entry.key, "value": entry.value, "source": entry.source}
        for entry in settings.entries()
        if entry.key.startswith(f"{prefix}.")
    ]


def _setting(key: str) -> SettingSaid:
    named, settings = _named(key), _settings()
    section = key.removesuffix("." + ".".join(named.location))
    return {"key": key, "value": settings.shown_at(section, named.location), "source": settings.source_of(key)}


def _settings() -> Settings:
    from senter.supervisor.configuration import Configuration

    return Configuration.read(from_environment()).settings


def _show_change(keys: list[str], report: ChangeReport, as_json: bool) -> None:
    found = [_setting(key) for key in keys]
    if as_json:
        changes = [SettingChange(**said, **report) for said in found]
        output.print_json(changes[0] if len(changes) == 1 else changes)
        return
    for said in found:
        output.say(f"{said['key']} is {'not set' if said['value'] is None else _as_json(said['value'])}.")
        if said["source"].startswith("environment "):
            variable = said["source"].removeprefix("environment ")
            output.say(f"{variable} is set in the environment and goes before the file.")
    if more := said_of(report):
        output.say(more)


def _as_json(value: object) -> str:
    return output.printable(json.dumps(value, ensure_ascii=False))
