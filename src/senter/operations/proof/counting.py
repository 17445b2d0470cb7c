"""What the engine is proved with: tools that count what they really did, and plans that are given with the goal.

What a tool did is appended to a file, outside the journal, so that the two can be compared afterwards.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from senter.components.task_engine.contract.asked import Asked
from senter.components.task_engine.contract.plan import Plan, PlannedTask, PlanResult, WorkKind
from senter.components.task_engine.contract.steps import Ask, Assignment, Steps, TaskOutput
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolResult
from senter.errors import NotFound, PlanError, ToolError
from senter.messages.acts import Act, ActKind
from senter.messages.goals import Grant
from senter.messages.model import ChatMessage, ModelRequest
from senter.messages.tools import EffectClass, ToolView
from senter.messages.understanding import Understanding
from senter.understanding.known import Known

EFFECTS = "effects.jsonl"
PLAN = "plan: "
MODEL = "ask_model"


class CountedArguments(BaseModel):
    """What a counting tool is called with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str = "x"
    """Tells one call of a task from another."""
    seconds: float = Field(default=0.0, ge=0, le=60)
    """How long it takes, half of it before and half after its effect."""
    fails: int = Field(default=0, ge=0)
    """How many times it fails first, in a way that another try may mend."""
    dies: bool = False
    """Whether it ends its own process."""


class Effects:
    """The file in which counting tools write down what they did."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / EFFECTS
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def add(self, tool: str, what: str, key: str) -> None:
        """One line, written at once or not at all."""
        line = json.dumps({"tool": tool, "what": what, "key": key, "pid": os.getpid()}) + "\n"
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, line.encode())
        finally:
            os.close(file)

    def all(self) -> list[dict[str, str]]:
        if not self.path.exists():
            return []
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]

    def count(self, key: str, what: str) -> int:
        return sum(line["key"] == key and line["what"] == what for line in self.all())

    def standing(self, key: str) -> int:
        """Effects under this key that were not undone."""
        return self.count(key, "did") - self.count(key, "undid")


class CountingTool(Tool[CountedArguments]):
    """Does nothing but say that it did. Each effect class is one subclass."""

    arguments = CountedArguments
    permission = "nothing"
    timeout_seconds = 30.0

    def __init__(self, effects: Effects) -> None:
        self.effects = effects

    async def run(self, arguments: CountedArguments, call: ToolCall) -> ToolResult:
        key = call.idempotency_key
        if arguments.dies:
            os.kill(os.getpid(), signal.SIGKILL)
        self.effects.add(self.name, "called", key)
        if arguments.fails and self.effects.count(key, "called") <= arguments.fails:
            raise ToolError(f"{self.name} fails {arguments.fails} times first.", retryable=True)
        await call.clock.sleep(arguments.seconds / 2)
        self.act(key)
        await call.clock.sleep(arguments.seconds / 2)
        return ToolResult(text=f"{self.name} {arguments.label}", data={"key": key}, trusted=True)

    def act(self, key: str) -> None:
        """Have the effect."""
        self.effects.add(self.name, "did", key)


class CountingPure(CountingTool):
    """Changes nothing; may be called again and again."""

    name = "count_pure"
    description = "Counts a call that changes nothing."
    effect = EffectClass.PURE


class CountingIdempotent(CountingTool):
    """Has its effect once for each key, however often it is called."""

    name = "count_idempotent"
    description = "Counts a call that has its effect once for each key."
    effect = EffectClass.IDEMPOTENT

    def act(self, key: str) -> None:
        if not self.effects.standing(key):
            self.effects.add(self.name, "did", key)


class CountingCompensable(CountingTool):
    """Can be undone."""

    name = "count_compensable"
    description = "Counts a call that can be undone."
    effect = EffectClass.COMPENSABLE

    async def compensate(self, arguments: CountedArguments, call: ToolCall) -> None:
        if self.effects.standing(call.idempotency_key):
            self.effects.add(self.name, "undid", call.idempotency_key)


class CountingOnceOnly(CountingTool):
    """Must not happen twice."""

    name = "count_once_only"
    description = "Counts a call that must not happen twice."
    effect = EffectClass.ONCE_ONLY


COUNTING_TOOLS = (CountingPure, CountingIdempotent, CountingCompensable, CountingOnceOnly)


class CountingTools:
    """The counting tools and no others."""

    def __init__(self, effects: Effects) -> None:
        self._own = {kind.name: cast(Tool[BaseModel], kind(effects)) for kind in COUNTING_TOOLS}

    def names(self) -> Collection[str]:
        return self._own.keys()

    def get(self, name: str) -> Tool[BaseModel]:
        if name not in self._own:
            raise NotFound(f"There is no tool {name}.", "See them with: senter tools")
        return self._own[name]

    async def complete(self) -> None:
        """All of them are known."""

    def views(self) -> tuple[ToolView, ...]:
        return ()


async def given_plan(asked: Asked, folders: Sequence[str], ask: Ask, grant: Grant) -> PlanResult:
    """The plan in a goal's own text, or in what is missing of it; one task that does nothing where there is none."""
    text = asked.missing or asked.text
    if asked.own:
        yours = PlannedTask(description=text[:500], work=WorkKind.PERSON)
        return PlanResult(
            Plan(tasks=(PlannedTask(description="help", tool_params={"steps": []}, optional=True), yours))
        )
    if not text.startswith(PLAN):
        return PlanResult(Plan(tasks=(PlannedTask(description=text[:500], tool_params={"steps": []}),)))
    try:
        return PlanResult(Plan.model_validate_json(text.removeprefix(PLAN)))
    except ValidationError as error:
        raise PlanError(f"Cannot read the plan: {error.errors()[0]['msg']}.") from error


async def nothing_but_work(text: str, at: datetime, zone: ZoneInfo, known: Known) -> Understanding:
    """Every text is work, so that the plan in it is carried out."""
    work = Act(kind=ActKind.WORK, gist=text, span=(0, len(text)), confidence=1.0)
    return Understanding(acts=(work,), now=at, zone=zone.key)


class CountingExecutor:
    """Carries out the steps that a task of a given plan names, in order.

    `tool_params` is {"steps": [[TOOL, {arguments}], ["ask_model", {"text": "..."}], ...]}.
    """

    async def carry_out(self, assignment: Assignment, steps: Steps) -> TaskOutput:
        named = assignment.task.tool_params.get("steps")
        if not isinstance(named, list):
            named = [[assignment.task.tool, assignment.task.tool_params]] if assignment.task.tool else []
        texts = [await _take(_Named.validate_python(one), steps) for one in named]
        given = [output.text for _, output in sorted(assignment.inputs.items())]
        return TaskOutput(text="\n".join([*given, *texts]) or "done", data={}, sources=(), files=(), trusted=True)


_Named: TypeAdapter[tuple[str, dict[str, JsonValue]]] = TypeAdapter(tuple[str, dict[str, JsonValue]])


async def _take(named: tuple[str, dict[str, JsonValue]], steps: Steps) -> str:
    name, arguments = named
    if name == MODEL:
        message = ChatMessage(role="user", content=str(arguments["text"]))
        return (await steps.model(ModelRequest(messages=[message], max_tokens=8))).text
    return (await steps.tool(name, arguments)).text
