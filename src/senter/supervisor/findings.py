"""What is looked at before components start: databases, work that was cut off, models."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Coroutine, Sequence
from typing import cast

import structlog

from senter.clock import Clock
from senter.component.events import open_database
from senter.component.spec import ComponentSettings, ComponentSpec, Finding
from senter.components.specs import left_out
from senter.errors import SenterError, StoreError
from senter.paths import Paths
from senter.store.database import Database
from senter.supervisor.configuration import Configuration

LOOK_SECONDS = 10.0

Preflight = Callable[[ComponentSettings, Paths], Coroutine[None, None, list[Finding]]]

OUTBOX_COUNT = "SELECT count(*) FROM outbox WHERE stream_sequence IS NULL"
HAS_INTERRUPTED_WORK = "SELECT count(*) FROM sqlite_master WHERE type = 'view' AND name = 'interrupted_work'"
INTERRUPTED_COUNT = "SELECT count(*) FROM interrupted_work"


def look_at_databases(
    specs: Sequence[ComponentSpec], paths: Paths, clock: Clock, log: structlog.stdlib.BoundLogger
) -> tuple[list[Finding], list[Finding]]:
    """Migrate every database before its owner runs. Returns what that showed, and what was cut off."""
    state: list[Finding] = []
    work: list[Finding] = []
    for spec in specs:
        if not spec.database:
            continue
        try:
            with open_database(spec, paths, clock, log) as database:
                state.append(_state_of(database))
                work.extend(_work_in(database))
        except StoreError as error:
            state.append(Finding(well=False, text=error.message, hint=error.hint))
    return state, work


def _state_of(database: Database) -> Finding:
    if database.recovered:
        return recovered(database.recovered)
    return Finding(well=True, text=f"{database.path.name} is up to date")


def recovered(sentence: str) -> Finding:
    """A database was damaged, or gone, and what was done about it."""
    return Finding(well=False, text=sentence, hint="See: docs/crashes.md")


def _work_in(database: Database) -> list[Finding]:
    found: list[Finding] = []
    unsent = database.row(OUTBOX_COUNT, (), int) or 0
    if unsent:
        words = "1 event waits to be sent; it" if unsent == 1 else f"{unsent} events wait to be sent; they"
        found.append(Finding(well=True, text=f"{database.path.name}: {words} will be"))
    if database.row(HAS_INTERRUPTED_WORK, (), int):
        cut_off = database.row(INTERRUPTED_COUNT, (), int) or 0
        if cut_off:
            words = "1 piece of work was" if cut_off == 1 else f"{cut_off} pieces of work were"
            found.append(Finding(well=True, text=f"{database.path.name}: {words} cut off"))
    return found


async def look_ahead(configuration: Configuration, paths: Paths) -> list[Finding]:
    """Run every component's own look at its settings, side by side."""
    looks = [
        _look(spec, configuration.as_run(spec), paths)
        for spec in configuration.specs
        if spec.preflight and configuration.of(spec).enabled
    ]
    return [finding for findings in await asyncio.gather(*looks) for finding in findings]


async def _look(spec: ComponentSpec, settings: ComponentSettings, paths: Paths) -> list[Finding]:
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            return await _preflight(spec)(settings, paths)
    except SenterError as error:
        return [Finding(well=False, text=f"{spec.name}: {error.message}", hint=error.hint)]
    except Exception as error:  # a component's own code: what it raises is about that component only
        return [Finding(well=False, text=f"{spec.name}: its look at the settings failed: {error or type(error)}")]


def _preflight(spec: ComponentSpec) -> Preflight:
    module, _, function = spec.preflight.partition(":")
    return cast("Preflight", getattr(importlib.import_module(module), function))


def look_at_third_parties() -> list[Finding]:
    """The components that were installed and cannot be used."""
    return [
        Finding(well=False, text=f"The component {out.name} is left out: {out.reason}", hint="Repair or uninstall it.")
        for out in left_out()
    ]
