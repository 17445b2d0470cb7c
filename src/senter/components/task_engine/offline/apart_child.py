"""The child that plans long texts by rules: it may take too long, and is ended then. Run as a module by `apart`."""

from __future__ import annotations

from pydantic import BaseModel

from senter.component.frames import Frame
from senter.component.isolated_child import run, serve
from senter.components.task_engine.offline.clauses import understand
from senter.components.task_engine.offline.rules import plan_of


class Asked(BaseModel):
    """What is to be planned, and with what."""

    text: str
    tools: tuple[str, ...]
    folders: tuple[str, ...]


def _answer(frame: Frame) -> Frame:
    asked = Asked.model_validate(frame.head)
    plan = plan_of(understand(asked.text, asked.folders), asked.tools)
    return Frame({"plan": plan.model_dump(mode="json")})


if __name__ == "__main__":
    run(lambda: serve(_answer))
