"""In which order components are stopped: who asks before who answers, so that nothing in flight is orphaned."""

from __future__ import annotations

from collections.abc import Mapping

from senter.component.spec import ComponentSpec
from senter.messages.message import Command, ComponentName


def stop_waves(processes: Mapping[ComponentName, ComponentSpec]) -> list[list[ComponentName]]:
    """Groups to stop one after the other. Components that ask each other share a group."""
    left = dict(processes)
    waves: list[list[ComponentName]] = []
    while left:
        wave = [name for name, spec in left.items() if not _is_asked(spec, left)]
        wave = wave or list(left)
        waves.append(wave)
        left = {name: spec for name, spec in left.items() if name not in wave}
    return waves


def _is_asked(spec: ComponentSpec, others: Mapping[ComponentName, ComponentSpec]) -> bool:
    commands = {message for message in spec.receives if issubclass(message, Command)}
    return any(commands & set(other.sends) for other in others.values() if other.name != spec.name)
