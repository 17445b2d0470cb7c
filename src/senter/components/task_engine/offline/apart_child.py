"""The child that plans long texts by rules: it may take too long, and is ended then. Run as a module by `apart`."""

from __future__ import annotations

from typing import cast

from senter.component.frames import Frame
from senter.component.isolated_child import run, serve
from senter.components.task_engine.offline.clauses import understand
from senter.components.task_engine.offline.rules import plan_of


def _answer(frame: Frame) -> Frame:
    request = understand(str(frame.head["text"]), cast("list[str]", frame.head["folders"]))
    plan = plan_of(request, cast("list[str]", frame.head["tools"]))
    return Frame({"plan": plan.model_dump(mode="json")})


if __name__ == "__main__":
    run(lambda: serve(_answer))
