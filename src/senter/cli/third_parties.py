"""The commands of third parties, looked up only where a name is not one of Senter's: finding them is slow."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points

import click

from senter.components import ENTRY_POINT_GROUP
from senter.errors import ComponentError


@dataclass(frozen=True, slots=True)
class ThirdPartyCommand:
    """Where it is, and the component that brings it."""

    target: str
    component: str
    summary: str

    def load(self) -> click.Command:
        """Raises `ComponentError` where there is none to be had."""
        module, _, attribute = self.target.partition(":")
        try:
            loaded: object = getattr(importlib.import_module(module), attribute)
        except Exception as error:  # somebody else's code: whatever it raises is said in a sentence
            reason = f"{self.target} cannot be imported: {type(error).__name__}: {error}."
            raise ComponentError(self.component, reason) from error
        if not isinstance(loaded, click.Command):
            raise ComponentError(self.component, f"{self.target} is not a click command.")
        return loaded


@cache
def third_party_commands() -> dict[str, ThirdPartyCommand]:
    """Each by its name. Imports no SPEC where no third party is installed."""
    if not entry_points(group=ENTRY_POINT_GROUP):
        return {}
    from senter.components.specs import SPECS, all_specs

    foreign = all_specs()[len(SPECS) :]
    return {
        command.name: ThirdPartyCommand(command.target, spec.name, spec.summary)
        for spec in foreign
        for command in spec.commands
    }
