"""The components of Senter, in one list; third parties add theirs by the entry-point group `senter.components`."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from senter.component.route import PARAMETER
from senter.component.spec import COMPONENT_NAME, ComponentSpec
from senter.components import ENTRY_POINT_GROUP
from senter.components.api import spec as api
from senter.components.assistant import spec as assistant
from senter.components.documents import spec as documents
from senter.components.models import spec as models
from senter.components.reporter import spec as reporter
from senter.components.scheduler import spec as scheduler
from senter.components.task_engine import spec as task_engine
from senter.components.weights import spec as weights
from senter.errors import ComponentError, SettingsError
from senter.terminal.commands import COMMANDS

_OWN: tuple[ComponentSpec, ...] = (
    api.SPEC,
    assistant.SPEC,
    documents.SPEC,
    weights.SPEC,
    models.PRIMARY,
    models.RESEARCH,
    reporter.SPEC,
    scheduler.SPEC,
    task_engine.SPEC,
)


def _with_routes(specs: tuple[ComponentSpec, ...]) -> tuple[ComponentSpec, ...]:
    """The same, where the api may send the commands of every route."""
    commands = tuple(route.command for spec in specs for route in spec.routes)
    sends = tuple(dict.fromkeys((*api.SPEC.sends, *commands)))
    return tuple(replace(spec, sends=sends) if spec is api.SPEC else spec for spec in specs)


SPECS = _with_routes(_OWN)

STAND_IN = "SENTER_STAND_IN"
"""A variable that names a SPEC, as package.module:NAME, to run in place of one of Senter's own, as proofs do."""

ENTRY = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
COMMAND_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
RESERVED = frozenset({"bus", "health", "log", "output", "supervisor", "user", "zygote"})


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A third party's component that cannot be used. The rest of Senter runs without it."""

    name: str
    reason: str


def all_specs() -> tuple[ComponentSpec, ...]:
    """Senter's own components, and those of third parties that can be used."""
    return _all(os.environ.get(STAND_IN, ""))


def left_out() -> tuple[LeftOut, ...]:
    """The components of third parties that cannot be used, and why."""
    return _third_parties()[1]


def find_spec(name: str) -> ComponentSpec:
    """The SPEC of that name. Raises `ComponentError` where there is none."""
    for spec in all_specs():
        if spec.name == name:
            return spec
    raise ComponentError(name, "there is no such component.")


@cache
def _all(named: str) -> tuple[ComponentSpec, ...]:
    return _with_routes(_own(named) + _third_parties()[0])


def _own(named: str) -> tuple[ComponentSpec, ...]:
    """Senter's own; what the daemon was started with, by `STAND_IN`, in place of the one that has its name."""
    if not named:
        return _OWN
    stand_in = _stand_in(named)
    return tuple(stand_in if spec.name == stand_in.name else spec for spec in _OWN)


def _stand_in(named: str) -> ComponentSpec:
    try:
        loaded: object = EntryPoint(STAND_IN, named, ENTRY_POINT_GROUP).load() if ENTRY.fullmatch(named) else None
    except Exception as error:  # a person named it: whatever it raises is said in a sentence
        raise _no_stand_in(named, f"it cannot be imported: {type(error).__name__}: {error}") from error
    if isinstance(loaded, ComponentSpec) and any(loaded.name == spec.name for spec in _OWN):
        return loaded
    raise _no_stand_in(named, "it is not the SPEC of one of Senter's components")


def _no_stand_in(named: str, reason: str) -> SettingsError:
    return SettingsError(
        f"Cannot use {STAND_IN}={named!r}: {reason}.", f"Unset {STAND_IN}, or write package.module:SPEC."
    )


@cache
def _third_parties() -> tuple[tuple[ComponentSpec, ...], tuple[LeftOut, ...]]:
    return admit(sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda entry: entry.name))


def admit(entries: Sequence[EntryPoint]) -> tuple[tuple[ComponentSpec, ...], tuple[LeftOut, ...]]:
    """The SPECs behind `entries` that can stand beside Senter's own, and what cannot."""
    admitted: list[ComponentSpec] = []
    refused: list[LeftOut] = []
    for entry in entries:
        try:
            loaded: object = entry.load()
            spec = loaded if isinstance(loaded, ComponentSpec) else None
            reason = _objection(spec, [*SPECS, *admitted]) if spec else f"{entry.value} is not a ComponentSpec"
        except Exception as error:  # somebody else's code: whatever it raises must not end the daemon
            spec, reason = None, f"{entry.value} cannot be used: {type(error).__name__}: {error}"
        if spec and not reason:
            admitted.append(spec)
        else:
            refused.append(LeftOut(entry.name, reason))
    return tuple(admitted), tuple(refused)


def _objection(spec: ComponentSpec, others: Sequence[ComponentSpec]) -> str:
    if not COMPONENT_NAME.fullmatch(spec.name) or spec.name in RESERVED:
        return f"{spec.name!r} cannot be the name of a component"
    if not ENTRY.fullmatch(spec.entry):
        return f"its entry {spec.entry!r} is not written as package.module:Class"
    if spec.settings_section in RESERVED:
        return f"the section {spec.settings_section} of the settings is Senter's own"
    for route in spec.routes:
        if route.command not in spec.receives:
            return f"its route {route.path} asks what it does not receive"
    for command in spec.commands:
        if not COMMAND_NAME.fullmatch(command.name) or not ENTRY.fullmatch(command.target):
            return f"its command {command.name!r} is not written as name and package.module:attribute"
        if command.name in COMMANDS:
            return f"the command {command.name} is Senter's own"
    for other in others:
        if spec.name == other.name:
            return "another component has this name"
        if spec.settings_section == other.settings_section:
            return f"the section {spec.settings_section} of the settings belongs to {other.name}"
        if spec.database and spec.database == other.database:
            return f"the database {spec.database} belongs to {other.name}"
        if taken := _addresses(spec) & _addresses(other):
            return f"the route {min(taken)} belongs to {other.name}"
        if taken := {command.name for command in spec.commands} & {command.name for command in other.commands}:
            return f"the command {min(taken)} belongs to {other.name}"
    return ""


def _addresses(spec: ComponentSpec) -> set[str]:
    """What its routes answer, whatever the parameters in them are called."""
    by_hand = api.BY_HAND if spec.name == api.SPEC.name else frozenset[str]()
    rows = {f"{route.method} {route.path}" for route in spec.routes}
    return {PARAMETER.sub("{}", address) for address in rows | by_hand}
