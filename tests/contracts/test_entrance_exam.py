"""What every component must pass: Senter's own, and the example that others copy."""

from __future__ import annotations

import ast
import asyncio
import gc
import importlib
import inspect
import json
import os
import pkgutil
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from types import ModuleType
from typing import cast

import click
import psutil
import pytest
from fastapi.routing import APIRoute

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.component import Component
from senter.component.spec import ComponentSettings, ComponentSpec
from senter.component.testing import run_component
from senter.components.api.public import public_routes
from senter.components.specs import SPECS
from senter.messages.control import SUPERVISOR
from senter.messages.message import ComponentName, Event, Message, Reply, Volatile
from senter.paths import Paths
from senter.store.database import Transaction
from senter.supervisor.findings import Preflight
from tests.support.commands import every_command, problems_of
from tests.support.examples import EXAMPLES
from tests.support.examples import SPEC as ECHO
from tests.support.troupe import REPOSITORY, code_path

EXAMINED = (*SPECS, ECHO)
LIGHT = {"annotated_types", "pydantic", "pydantic_core", "typing_extensions", "typing_inspection"}
LEAVES = {"senter.clock", "senter.moments", "senter.moments.lengths", "senter.sentences", "senter.text"}
TELL = "print(json.dumps(sorted(set(sys.modules) - was)))"
SAFE: dict[str, dict[str, object]] = {
    "api": {"port": 0},
    "model_primary": {"embedded": False, "use_ollama": False},
    "model_research": {"embedded": False, "use_ollama": False},
    "weights": {"fetch": "never"},
}
"""Settings under which opening a component neither waits for other programs nor meets them."""

examined = pytest.mark.parametrize("spec", EXAMINED, ids=lambda spec: spec.name)


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="snt-", dir="/tmp") as folder:
        yield Path(folder)


def settings_of(spec: ComponentSpec) -> ComponentSettings:
    return spec.settings.model_validate(SAFE.get(spec.name, {}))


@dataclass(frozen=True, kw_only=True)
class RecordingManifest(Manifest):
    """Remembers what was asked of it."""

    received: set[type[Message]] = field(default_factory=set[type[Message]])
    observed: set[type[Message]] = field(default_factory=set[type[Message]])

    def check_receives(self, name: ComponentName, kind: type[Message]) -> None:
        Manifest.check_receives(self, name, kind)
        self.received.add(kind)

    def check_observes(self, name: ComponentName, kind: type[Event]) -> None:
        Manifest.check_observes(self, name, kind)
        self.observed.add(kind)


class RecordingBroker(MemoryBroker):
    """Keeps the manifest of the one bus it makes."""

    def bus(self, name: ComponentName, manifest: Manifest) -> Bus:
        self.manifest = RecordingManifest(receives=manifest.receives, sends=manifest.sends, observes=manifest.observes)
        return super().bus(name, self.manifest)


@examined
def test_its_spec_imports_nothing_heavy(spec: ComponentSpec) -> None:
    top = {name.partition(".")[0] for name in imports_of(f"import {spec.package}.spec")}
    ours = {"senter", spec.package.partition(".")[0], *sys.stdlib_module_names}
    assert {name for name in top - ours if not name.startswith("_")} <= LIGHT


def imports_of(code: str) -> set[str]:
    """The modules that a fresh interpreter has after it, and did not have before."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys, json; was = set(sys.modules); {code}; {TELL}"],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([EXAMPLES, *code_path()])},
        check=True,
    )
    return set(json.loads(done.stdout))


@examined
def test_its_commands_resolve_and_say_how_they_are_used(spec: ComponentSpec) -> None:
    for line in spec.commands:
        module, _, attribute = line.target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        for name, each in every_command(command, f"senter {line.name}"):
            assert problems_of(name, each) == [], name


@examined
def test_its_commands_import_only_what_a_terminal_needs(spec: ComponentSpec) -> None:
    modules = sorted({line.target.partition(":")[0] for line in spec.commands})
    imported = imports_of(f"import {', '.join(modules) or 'senter'}")
    own = tuple(f"{spec.package}.{name}" for name in ("commands", "commands."))
    light = ("senter.client", "senter.terminal", "senter.errors", "senter.paths", "senter.files", *own)
    packages = {"senter", "senter.components", spec.package}
    ours = {name for name in imported if name.startswith(("senter", spec.package)) and name not in packages}
    assert {name for name in ours if not name.startswith(light)} <= LEAVES
    assert {name.partition(".")[0] for name in imported - ours - packages} - {"click"} <= sys.stdlib_module_names


@examined
def test_its_names_and_texts_are_those_of_a_component(spec: ComponentSpec) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]{1,30}", spec.name)
    assert re.fullmatch(r"[A-Z].{8,90}\.", spec.summary)
    module, _, name = spec.entry.partition(":")
    kind = getattr(importlib.import_module(module), name)
    assert issubclass(kind, Component)
    assert kind.__doc__
    assert inspect.getdoc(spec.settings)


@examined
def test_every_setting_is_documented_and_has_a_default(spec: ComponentSpec) -> None:
    for name, setting in spec.settings.model_fields.items():
        assert setting.description, name
        assert setting.description.rstrip().endswith("."), name
    assert spec.settings().enabled is True
    assert spec.settings.model_config.get("extra") == "forbid"
    assert spec.settings.model_config.get("frozen") is True


@examined
def test_it_has_a_page_and_the_page_tells_its_name(spec: ComponentSpec) -> None:
    page = (REPOSITORY / "docs" / "components" / f"{spec.name}.md").read_text()
    assert page.startswith(f"# {spec.name}\n")
    assert spec.summary.rstrip(".") in page


@examined
def test_its_migrations_lie_beside_its_code_exactly_if_it_owns_a_database(spec: ComponentSpec) -> None:
    folder = Path(str(importlib.import_module(spec.package).__file__)).parent
    assert bool(spec.database) == bool(list(folder.glob("[0-9]*_*.sql")))


@pytest.mark.parametrize("spec", [spec for spec in EXAMINED if spec.preflight], ids=lambda spec: spec.name)
async def test_its_look_at_the_settings_takes_what_it_is_given(spec: ComponentSpec, home: Path) -> None:
    module, _, function = spec.preflight.partition(":")
    look = cast("Preflight", getattr(importlib.import_module(module), function))
    assert all(finding.text for finding in await look(settings_of(spec), Paths(home)))


@examined
async def test_open_and_cancel_leaks_nothing(spec: ComponentSpec, home: Path) -> None:
    async def once() -> tuple[int, int, int]:
        async with run_component(spec, home, settings=settings_of(spec)) as component:
            component.health()
        gc.collect()
        return len(asyncio.all_tasks()), threading.active_count(), psutil.Process().num_fds()

    rounds = [await once() for _ in range(4)]  # imports, caches and thread pools are made once, or grow to their size
    before, last = rounds[:-1], rounds[-1]
    assert all(now <= max(then) for now, then in zip(last, zip(*before, strict=True), strict=True)), rounds


@examined
async def test_its_health_is_told_without_waiting(spec: ComponentSpec, home: Path) -> None:
    async with run_component(spec, home, settings=settings_of(spec)) as component:
        assert not inspect.iscoroutinefunction(component.health)
        assert len(component.health().model_dump_json()) < 4_096


@examined
async def test_what_it_answers_and_takes_in_is_what_it_declares(spec: ComponentSpec, home: Path) -> None:
    broker = RecordingBroker()
    async with run_component(spec, home, settings=settings_of(spec), broker=broker):
        opened = broker.manifest
    lasting = {kind for kind in spec.receives if not issubclass(kind, Volatile)}
    assert {kind for kind in opened.received if not issubclass(kind, Volatile)} == lasting
    assert opened.observed == set(spec.observes)
    listened = opened.received | mentioned(spec)
    assert set(spec.receives) <= listened, "declared, but nothing listens to it"


@examined
async def test_each_handler_is_there_and_takes_its_message(spec: ComponentSpec, home: Path) -> None:
    async with run_component(spec, home, settings=settings_of(spec)) as component:
        for message, path in spec.handlers.items():
            handler = attrgetter(path)(component)
            *before, taken = inspect.signature(handler, eval_str=True).parameters.values()
            assert issubclass(message, taken.annotation), path
            assert [one.annotation for one in before] == ([Transaction] if issubclass(message, Event) else []), path
    assert {*spec.concurrency, *spec.max_waiting} <= set(spec.handlers)


@examined
def test_what_it_sends_is_what_it_declares(spec: ComponentSpec) -> None:
    routed = {route.command for other in EXAMINED for route in other.routes} if spec.name == "api" else set[object]()
    assert set(spec.sends) - routed <= constructed(code_of(spec)) | filled(code_of(spec)), "declared, but never made"
    family = [other for other in EXAMINED if other.package == spec.package]
    declared = {kind for other in family for kind in other.sends}
    made = {kind for kind in constructed(package_of(spec)) if not issubclass(kind, Reply)}
    assert made <= declared, "made, but not declared by any component of this code"


@examined
def test_its_routes_ask_what_is_answered_and_say_what_they_take(spec: ComponentSpec) -> None:
    def refuse(_: ComponentSpec, error: Exception) -> None:
        raise error

    served = public_routes([spec], refuse).routes
    assert [route.path for route in served if isinstance(route, APIRoute)] == [route.path for route in spec.routes]
    for route in spec.routes:
        assert route.command in spec.receives or route.command.receiver == SUPERVISOR
        assert route.command.__doc__, route.command
        for name, about in route.command.model_fields.items():
            assert about.description, f"{route.command.__name__}.{name}"


def package_of(spec: ComponentSpec) -> list[ModuleType]:
    """The component's modules, without its SPEC and what it ships for tests."""
    package = importlib.import_module(spec.package)
    names = [found.name for found in pkgutil.walk_packages(package.__path__, f"{spec.package}.")]
    left_out = ("spec", "testing")
    return [importlib.import_module(name) for name in names if name.rpartition(".")[2] not in left_out]


def code_of(spec: ComponentSpec) -> list[ModuleType]:
    """The component's modules, and those parts of senter.component that send in its name."""
    found = package_of(spec)
    for module in found:  # it grows meanwhile
        used = map(inspect.getmodule, list(vars(module).values()))
        shared = (one for one in used if one is not None and one.__name__.startswith("senter.component."))
        found += [one for one in dict.fromkeys(shared) if one not in found]
    return found


def constructed(modules: list[ModuleType]) -> set[type[Message]]:
    """Messages that the code makes."""
    return {kind for module in modules for kind in _messages(module, ast.Call)}


def filled(modules: list[ModuleType]) -> set[type[Message]]:
    """Messages that the code makes of others, or reads from where they are stored."""
    calls = (node for module in modules for node in ast.walk(ast.parse(inspect.getsource(module))))
    named = {ast.unparse(one.value) for one in calls if isinstance(one, ast.Attribute) and one.attr == "model_validate"}
    found = (getattr(module, name, None) for module in modules for name in named)
    return {kind for kind in found if isinstance(kind, type) and issubclass(kind, Message)}


def mentioned(spec: ComponentSpec) -> set[type[Message]]:
    """Messages that the code names at all."""
    return {kind for module in code_of(spec) for kind in _messages(module, ast.Name)}


def _messages(module: ModuleType, how: type[ast.AST]) -> Iterator[type[Message]]:
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        name = node.func if how is ast.Call and isinstance(node, ast.Call) else node
        if isinstance(node, how) and isinstance(name, ast.Name):
            found = getattr(module, name.id, None)
            if isinstance(found, type) and issubclass(found, Message) and hasattr(found, "wire_name"):
                yield found


def test_the_exam_knows_what_a_component_makes_and_names() -> None:
    assert {kind.wire_name for kind in constructed(package_of(ECHO))} == {"echoed", "echo"}
    assert {"echo", "echoed"} <= {kind.wire_name for kind in mentioned(ECHO)}
