"""Nothing that the tables name is made up: each command and each setting is there, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from senter.cli.main import senter
from senter.components.assistant.use.said import DIGEST_JOB
from senter.components.assistant.use.table import AskedFile, UseFile, use_file
from senter.errors import InvalidInput
from senter.sentences import languages, speaking
from senter.settings.keys import find_setting
from senter.supervisor.configuration import MOVED, known_sections
from tests.support.commands import every_command

COMMAND = re.compile(r"senter(?: [a-z][a-z-]*)+")
SETTING = re.compile(r"\b(?:user|reporter|models|assistant|task_engine|scheduler)(?:\.[a-z_]+)+\b")


def tables() -> Iterator[UseFile]:
    for language in languages():
        with speaking(language):
            yield use_file()


def texts(file: UseFile) -> Iterator[str]:
    for asked in file.asked:
        yield from (asked.answer, asked.without, *asked.shows)
    for said in file.said:
        yield from (said.said, said.unknown)
    yield from file.says.values()


@pytest.mark.parametrize("file", [*tables()])
def test_every_command_that_is_named_is_there(file: UseFile) -> None:
    known = {name for name, _ in every_command(senter, "senter")}
    groups = {name for name, command in every_command(senter, "senter") if isinstance(command, click.Group)}
    named = {found[0] for text in texts(file) for found in COMMAND.finditer(text)}
    assert len(named) > 30
    for command in named:
        longest = max((name for name in known if f"{command} ".startswith(f"{name} ")), key=len)
        rest = command.removeprefix(longest).split()
        assert longest != "senter", command
        assert not rest or longest not in groups or longest == "senter ask", command


@pytest.mark.parametrize("file", [*tables()])
def test_every_setting_that_is_named_is_there(file: UseFile) -> None:
    sections = known_sections()
    keys = {one.key for one in file.said} - {DIGEST_JOB}
    for key in keys | {found[0] for text in texts(file) for found in SETTING.finditer(text)}:
        find_setting(sections, key, MOVED)
    with pytest.raises(InvalidInput):
        find_setting(sections, "user.shoe_size", MOVED)


def test_every_language_answers_the_same_questions() -> None:
    english, *others = tables()
    for other in others:
        assert [_form(each) for each in other.asked] == [_form(each) for each in english.asked]
        assert {(one.key, one.kind) for one in other.said} == {(one.key, one.kind) for one in english.said}
        assert other.says.keys() == english.says.keys()


def _form(asked: AskedFile) -> tuple[str, str, list[str], set[str], bool]:
    named = {command[0] for command in re.finditer(r"\{\w+\}", asked.answer + asked.without)}
    return asked.name, asked.tell, asked.shows, named, bool(asked.without)
