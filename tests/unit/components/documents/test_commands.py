"""Folders as people name them on the command line."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from senter.components.documents.commands import folder_argument


@pytest.fixture
def command() -> click.Command:
    @click.command()
    @folder_argument
    def show(folder: str) -> None:
        click.echo(folder)

    return show


def named(command: click.Command, text: str) -> str:
    with click.Context(command) as context:
        command.parse_args(context, [text])
        return str(context.params["folder"])


def test_the_home_may_be_a_tilde_that_no_shell_read(command: click.Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    assert named(command, "~/papers") == "/home/ann/papers"
    assert named(command, "papers") == str(Path("papers").resolve())


@pytest.mark.parametrize("text", ["", " ", "~nobody-of-that-name/papers"])
def test_what_names_no_folder_is_told_so(command: click.Command, text: str) -> None:
    with pytest.raises(click.BadParameter):
        named(command, text)
