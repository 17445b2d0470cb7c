"""Editing the settings on a copy beside them: the file itself changes only when the copy is valid."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import click

from senter.errors import SettingsError
from senter.paths import private
from senter.terminal import output


def edit_until_valid(settings: Path, editor: str) -> bool:
    """Whether the settings were changed. Raises `SettingsError` when the person leaves them wrong.

    What was typed is kept in the copy, and the next edit goes on with it.
    """
    from senter.components.specs import all_specs
    from senter.settings import write_defaults
    from senter.supervisor.configuration import read_settings, sections

    target = settings.resolve()  # a link stays a link
    copy = target.with_name(f"{target.stem}.edited{target.suffix}")
    if not copy.exists():
        if target.exists():
            with open(copy, "xb", opener=private) as file:
                file.write(target.read_bytes())
        else:
            write_defaults(copy, sections(all_specs()))
    while True:
        _run_editor(editor, copy)
        try:
            read_settings(copy)
        except SettingsError as error:
            _offer_another_try(error, copy)
        else:
            return _take_over(copy, target)


def _run_editor(editor: str, path: Path) -> None:
    try:
        done = subprocess.run([*shlex.split(editor, posix=os.name == "posix"), str(path)], check=False)
    except OSError as error:
        raise click.ClickException(f"Cannot run the editor {editor!r}: {error.strerror}.") from error
    if done.returncode != 0:
        raise click.ClickException(f"The editor {editor!r} ended with exit status {done.returncode}; nothing changed.")


def _offer_another_try(error: SettingsError, copy: Path) -> None:
    if not (sys.stdin.isatty() and output.is_terminal()):
        raise _left_wrong(error, copy) from error
    output.print_error(error.code, error.message, error.hint, as_json=False)
    if not click.confirm("Edit again?", default=True):
        raise _left_wrong(error, copy) from error


def _left_wrong(error: SettingsError, copy: Path) -> SettingsError:
    return SettingsError(error.message, f"The settings were not changed. What you typed is kept in {copy}.")


def _take_over(copy: Path, target: Path) -> bool:
    before = target.read_bytes() if target.exists() else None
    if copy.read_bytes() == before:
        copy.unlink()
        return False
    copy.replace(target)
    return True
