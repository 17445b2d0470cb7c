"""The client with which a command asks the daemon."""

from __future__ import annotations

from collections.abc import Callable

import click

from senter.client import Client
from senter.paths import Paths, from_environment

EnsureRunning = Callable[[Paths], None]


def connect(*, start: bool = False) -> Client:
    """A client of the user's daemon, which is started first where `start` says so and it is down.

    How a daemon is started belongs to `cli`: it hands that in as the object of click's context.
    """
    paths = from_environment()
    if start:
        ensure_running: EnsureRunning = click.get_current_context().obj
        ensure_running(paths)
    return Client(paths)
