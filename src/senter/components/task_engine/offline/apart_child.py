"""The child that plans long texts by rules: it may take too long, and is ended then. Run as a module by `apart`."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from senter.component.frames import Frame
from senter.component.isolated_child import run, serve
from senter.components.task_engine.offline.apart import KNOWN
from senter.components.task_engine.offline.clauses import understand
from senter.components.task_engine.offline.rules import plan_of
from senter.understanding.reading import understand as what_is_meant


def _answer(frame: Frame) -> Frame:
    return _planned(frame) if "tools" in frame.head else _understood(frame)


def _understood(frame: Frame) -> Frame:
    text, at, zone = (str(frame.head[name]) for name in ("text", "at", "zone"))
    known = KNOWN.validate_python(frame.head["known"])
    found = what_is_meant(text, datetime.fromisoformat(at), ZoneInfo(zone), known)
    return Frame({"understood": found.model_dump(mode="json")})


def _planned(frame: Frame) -> Frame:
    request = understand(str(frame.head["text"]), cast("list[str]", frame.head["folders"]))
    plan = plan_of(request, cast("list[str]", frame.head["tools"]))
    return Frame({"plan": plan.model_dump(mode="json")})


if __name__ == "__main__":
    run(lambda: serve(_answer))
