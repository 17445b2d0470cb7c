"""Asking the supervisor, with names of components that a person typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypedDict

from senter.client import control
from senter.client.control import call_control
from senter.errors import InvalidInput, NotFound
from senter.paths import Paths, from_environment
from senter.terminal.words import no_such

if TYPE_CHECKING:  # what is made from the messages is slow to import
    from senter.client.types import ComponentStatus, DaemonStatus

    class RestartRow(TypedDict):
        """One line of a component's restart history."""

        at: str
        unit: str
        reason: str
        outcome: str
        downtime_seconds: float | None

    class ComponentDetails(ComponentStatus):
        """What `describe` says about one component; the newest restart first."""

        history: list[RestartRow]


class UnknownComponent(InvalidInput):
    """The name that was typed is no component's."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        super().__init__(no_such("component", name, names), f"Known: {', '.join(names)}." if names else "")


def daemon_status(paths: Paths | None = None) -> DaemonStatus:
    """What runs. Raises `DaemonNotRunning`."""
    return control.daemon_status(paths or from_environment())


def command_component(command: str, component: str, timeout_seconds: float = 30.0) -> Mapping[str, object]:
    """Have the supervisor do something with one component. Raises `UnknownComponent`."""
    paths = from_environment()
    try:
        return call_control(paths, command, component, timeout_seconds=timeout_seconds)
    except NotFound as error:
        raise UnknownComponent(component, daemon_status(paths)["components"]) from error
