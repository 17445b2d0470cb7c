"""Who asks is stopped before who answers."""

from __future__ import annotations

from senter.component.spec import ComponentSpec
from senter.messages.message import Command, ComponentName, Done
from senter.supervisor.waves import stop_waves


class First(Command[Done]):
    wire_name = "first"


class Second(Command[Done]):
    wire_name = "second"


def spec(name: str, **declared: tuple[type[Command[Done]], ...]) -> ComponentSpec:
    return ComponentSpec(
        name=name,
        summary="",
        entry="",
        handlers=dict.fromkeys(declared.get("handles", ()), "handle"),
        sends=declared.get("sends", ()),
    )


def test_a_chain_of_askers_is_stopped_from_its_beginning() -> None:
    chain = {
        "model": spec("model", handles=(Second,)),
        "assistant": spec("assistant", handles=(First,), sends=(Second,)),
        "api": spec("api", sends=(First,)),
    }
    processes = {ComponentName(name): one for name, one in chain.items()}
    assert stop_waves(processes) == [["api"], ["assistant"], ["model"]]


def test_components_that_ask_each_other_are_stopped_together() -> None:
    pair = {
        "one": spec("one", handles=(First,), sends=(Second,)),
        "two": spec("two", handles=(Second,), sends=(First,)),
    }
    assert stop_waves({ComponentName(name): found for name, found in pair.items()}) == [["one", "two"]]
