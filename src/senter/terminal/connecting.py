"""The client with which a command asks the daemon, which is started first where it is down and may be started."""

from __future__ import annotations

import os
from collections.abc import Callable

import click

from senter.client import Client
from senter.paths import Paths, from_environment
from senter.terminal.options import NO_START

REACHED = "senter.reached"

Reach = Callable[[Paths, bool], None]
"""Sees to it that the daemon runs; the second says whether it may be started."""


def connect(*, start: bool = True) -> Client:
    """A client of the user's daemon. Where `start` is false, or the person said so, it is not started.

    How a daemon is found and started belongs to `cli`: it hands that in as the object of click's context.
    """
    paths = from_environment()
    context = click.get_current_context()
    reach: Reach | None = context.obj
    if reach and not context.meta.get(REACHED):
        reach(paths, start and not forbidden(context))
        context.meta[REACHED] = True
    return Client(paths)


def forbidden(context: click.Context) -> bool:
    """Whether the person said that nothing is to be started: by --no-start, or for all commands by `NO_START`."""
    return bool(context.meta.get(NO_START)) or os.environ.get(NO_START, "") not in ("", "0")
