"""`senter panic`: stop all autonomous work at once."""

from __future__ import annotations

import click

from senter.client.types import Done
from senter.components.task_engine.commands import goal_view
from senter.errors import DaemonNotRunning, SenterError, StoreError, Unavailable
from senter.files import make_mark, remove_mark
from senter.paths import Paths, from_environment
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.options import json_option

WITHDRAWN = (
    "The stop is withdrawn before the task engine read it. "
    "To release one that it read earlier, start it, then: senter panic --release"
)


@click.command(epilog="Examples: senter panic, senter panic --release")
@click.option("--release", is_flag=True, help="Let work go on again.")
@json_option
def panic(release: bool, as_json: bool) -> None:
    """Stop all work on goals at once, until it is released. Questions are still answered.

    While Senter or its task engine is down it is put on record, and no work begins after the next start. Until then
    it can be withdrawn; afterwards the task engine must run to release it.
    """
    paths = from_environment()
    on_record = not release and _put_on_record(paths)
    not_answered = ""
    try:
        connect(start=False).post("/api/panic", Done, release=release)
    except SenterError as error:
        if release:
            _withdraw(paths, error)
        elif not on_record:
            raise
        not_answered = error.message
    if as_json:
        output.print_json({"stopped": not release, "not_answered": not_answered})
    elif release:
        output.say(f"{not_answered} {WITHDRAWN}" if not_answered else "Work goes on.")
    elif not_answered:
        output.say(f"{not_answered} The stop is on record: no work begins until: senter panic --release")
    else:
        output.say(goal_view.STOPPED)


def _put_on_record(paths: Paths) -> bool:
    """For the task engine to find, whoever is down. False where that cannot be done; then it takes an answer."""
    try:
        make_mark(paths.panic)
    except OSError:
        return False
    return True


def _withdraw(paths: Paths, error: SenterError) -> None:
    """Take back the stop that the task engine, which is down, has not found yet. Raises where there is none."""
    if not isinstance(error, DaemonNotRunning | Unavailable):
        raise error
    try:
        remove_mark(paths.panic)
    except FileNotFoundError:
        message = f"{error.message} Only the task engine, once it runs, can release a stop that it read before."
        raise SenterError.from_wire(error.code, message, f"{error.hint}, then: senter panic --release") from error
    except OSError as failure:
        raise StoreError(f"Cannot remove {paths.panic}: {failure.strerror}.", "Remove it by hand.") from failure
