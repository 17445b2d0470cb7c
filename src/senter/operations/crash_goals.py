"""The goals with which crashes are proved: tasks of every effect class, in the order in which kills find them."""

from __future__ import annotations

import json

from pydantic import JsonValue

from senter.operations.proof.counting import MODEL, PLAN

SECONDS = 0.02
"""How long a counting tool takes: long enough for a kill to find it at work."""


def goal_text(number: int, *, with_model: bool) -> str:
    """A goal whose plan is fixed: each effect class alone, then all in one task, a model first if asked for."""
    first: list[JsonValue] = [[MODEL, {"text": f"Say {number}."}]] if with_model else [_call("pure", number)]
    together = [*first, *(_call(effect, number) for effect in ("idempotent", "compensable", "once_only"))]
    tasks: list[JsonValue] = [
        _task("pure", number),
        _task("idempotent", number, 1),
        _task("compensable", number, 1),
        _task("once_only", number, 2, 3),
        {"description": "all in one", "tool_params": {"steps": together}, "depends_on": [4]},
    ]
    return PLAN + json.dumps({"tasks": tasks})


TASKS = 5


def _task(effect: str, number: int, *depends_on: int) -> JsonValue:
    name, arguments = f"count_{effect}", _arguments(number)
    return {"description": effect, "tool": name, "tool_params": arguments, "depends_on": list(depends_on)}


def _call(effect: str, number: int) -> JsonValue:
    return [f"count_{effect}", _arguments(number)]


def _arguments(number: int) -> dict[str, JsonValue]:
    return {"label": str(number), "seconds": SECONDS}
