"""Which components of third parties are taken, and why others are left out."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint
from typing import cast

import pytest

from senter.component.route import Route
from senter.component.spec import CommandLine, ComponentSpec
from senter.components.specs import ENTRY_POINT_GROUP, SPECS, STAND_IN, admit, all_specs, find_spec
from senter.errors import SettingsError
from senter.messages.goals import ListGoals

CODE = "some.package:Thing"
FINE = ComponentSpec(name="fine", summary="", entry=CODE)
TWIN = ComponentSpec(name="fine", summary="", entry=CODE)
UPPER = ComponentSpec(name="Upper Case", summary="", entry=CODE)
PATH = ComponentSpec(name="../../etc", summary="", entry=CODE)
WILD = ComponentSpec(name=">", summary="", entry=CODE)
TAKEN = ComponentSpec(name="zygote", summary="", entry=CODE)
NO_CLASS = ComponentSpec(name="no_class", summary="", entry="some.package")
CORE_SECTION = ComponentSpec(name="greedy", summary="", entry=CODE, section="bus")
SECTION_OF_API = ComponentSpec(name="greedy", summary="", entry=CODE, section="api")
FILE_OF_ASSISTANT = ComponentSpec(name="greedy", summary="", entry=CODE, database="conversations")
NO_ROUTE = ComponentSpec(name="greedy", summary="", entry=CODE, routes=cast("tuple[Route, ...]", ("/api/tea",)))
STRANGE_ROUTE = ComponentSpec(name="greedy", summary="", entry=CODE, routes=(Route("GET", "/api/tea", ListGoals),))
ROUTE_OF_ENGINE = ComponentSpec(
    name="greedy", summary="", entry=CODE, handlers={ListGoals: "list"}, routes=(Route("GET", "/api/goals", ListGoals),)
)
OWN_NAME = ComponentSpec(name="api", summary="", entry=CODE, section="other")
QUESTIONS = ComponentSpec(
    name="greedy",
    summary="",
    entry=CODE,
    handlers={ListGoals: "list"},
    routes=(Route("POST", "/api/query", ListGoals),),
)
NO_SPEC = "nothing"


def with_command(name: str, target: str = CODE, component: str = "greedy") -> ComponentSpec:
    return ComponentSpec(name=component, summary="", entry=CODE, commands=(CommandLine(name, target),))


SPEAKS = with_command("speak")
SPEAKS_TOO = with_command("speak", component="other")
COMMAND_OF_CLI = with_command("status")
COMMAND_OF_COMPONENT = with_command("goal")
COMMAND_UPPER = with_command("Speak")
COMMAND_NOWHERE = with_command("speak", "some.package")


def entry(constant: str, name: str = "entry") -> EntryPoint:
    return EntryPoint(name=name, value=f"{__name__}:{constant}", group=ENTRY_POINT_GROUP)


def test_a_component_that_fits_is_taken() -> None:
    assert admit([entry("FINE")]) == ((FINE,), ())


@pytest.mark.parametrize(
    ("constant", "reason"),
    [
        ("UPPER", "cannot be the name"),
        ("PATH", "cannot be the name"),
        ("WILD", "cannot be the name"),
        ("TAKEN", "cannot be the name"),
        ("NO_CLASS", "not written as package.module:Class"),
        ("CORE_SECTION", "Senter's own"),
        ("SECTION_OF_API", "belongs to api"),
        ("FILE_OF_ASSISTANT", "belongs to assistant"),
        ("STRANGE_ROUTE", "asks what it does not receive"),
        ("ROUTE_OF_ENGINE", "GET /api/goals belongs to task_engine"),
        ("QUESTIONS", "POST /api/query belongs to api"),
        ("OWN_NAME", "has this name"),
        ("NO_SPEC", "is not a ComponentSpec"),
        ("COMMAND_OF_CLI", "the command status is Senter's own"),
        ("COMMAND_OF_COMPONENT", "the command goal is Senter's own"),
        ("COMMAND_UPPER", "not written as name and package.module:attribute"),
        ("COMMAND_NOWHERE", "not written as name and package.module:attribute"),
        ("MISSING", "AttributeError"),
    ],
)
def test_a_component_that_does_not_fit_is_left_out_with_a_reason(constant: str, reason: str) -> None:
    taken, [out] = admit([entry(constant)])
    assert taken == ()
    assert out.name == "entry"
    assert reason in out.reason


def test_of_two_with_the_same_name_the_first_is_taken() -> None:
    taken, [out] = admit([entry("FINE", "first"), entry("TWIN", "second")])
    assert taken == (FINE,)
    assert out.name == "second"


def test_of_two_with_the_same_command_the_first_is_taken() -> None:
    taken, [out] = admit([entry("SPEAKS", "first"), entry("SPEAKS_TOO", "second")])
    assert taken == (SPEAKS,)
    assert out.reason == "the command speak belongs to greedy"


def test_a_module_that_is_not_there_leaves_the_others_alone() -> None:
    gone = EntryPoint(name="gone", value="no.such.module:SPEC", group=ENTRY_POINT_GROUP)
    taken, [out] = admit([gone, entry("FINE")])
    assert taken == (FINE,)
    assert "ModuleNotFoundError" in out.reason


def test_a_row_that_is_no_route_leaves_the_others_alone() -> None:
    taken, [out] = admit([entry("FINE"), entry("NO_ROUTE")])
    assert taken == (FINE,)
    assert "AttributeError" in out.reason


def test_senters_own_components_would_be_taken_themselves() -> None:
    assert len({spec.name for spec in SPECS}) == len(SPECS)
    assert len({spec.settings_section for spec in SPECS}) == len(SPECS)


def test_a_daemon_can_be_started_with_another_in_place_of_one_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = find_spec("task_engine")
    monkeypatch.setenv(STAND_IN, "senter.operations.proof.spec:SPEC")
    assert [spec.name for spec in all_specs()][: len(SPECS)] == [spec.name for spec in SPECS]
    assert find_spec("task_engine").entry == "senter.operations.proof.component:ProofEngine"
    assert find_spec("task_engine").package == usual.package


@pytest.mark.parametrize("named", ["nope", "no.such.module:SPEC", "os:nope", "os:path", ".x:y", f"{__name__}:FINE"])
def test_what_cannot_stand_in_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv(STAND_IN, named)
    with pytest.raises(SettingsError, match=STAND_IN):
        all_specs()


def test_a_usual_daemon_imports_nothing_that_proofs_are_made_with() -> None:
    listing = "import sys; print([name for name in sys.modules if 'proof' in name and 'operations' in name])"
    program = f"from senter.supervisor.zygote import preload; preload(); {listing}"
    ended = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stdout.splitlines()[-1] == "[]"
