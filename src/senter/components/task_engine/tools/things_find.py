"""The tool things_find: asks the assistant what of the user's own answers a question."""

from __future__ import annotations

from senter.components.task_engine.contract.arguments import Arguments, Line
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolResult
from senter.errors import CommunicationError, ToolError, Unavailable
from senter.messages.goals import Source
from senter.messages.needs import Need, UseProvider
from senter.messages.tools import EffectClass
from senter.messages.understanding import LookUpOwn
from senter.paths import Paths

LOOK_SECONDS = 15.0


class ThingsFindArguments(Arguments):
    question: Line
    """What to find out, in the words of the request."""


class ThingsFind(Tool[ThingsFindArguments]):
    """For goals that ask, such as `every Monday at 8 tell me what is open`; no model may, which has tools that read."""

    name = "things_find"
    description = "Answers a question from the user's own papers, calendar, goals, reminders and notes."
    arguments = ThingsFindArguments
    effect = EffectClass.PURE
    permission = "the provider documents"
    offered = False
    timeout_seconds = 20.0

    def needs(self, arguments: ThingsFindArguments, paths: Paths) -> tuple[Need, ...]:
        return (UseProvider(name="documents"),)

    async def run(self, arguments: ThingsFindArguments, call: ToolCall) -> ToolResult:
        try:
            found = await call.bus.request(LookUpOwn(text=arguments.question), timeout_seconds=LOOK_SECONDS)
        except (CommunicationError, Unavailable) as error:
            raise ToolError(f"Your things cannot be looked up: {error.message}", retryable=True) from error
        if not found.text:
            raise ToolError("This asks for nothing that can be looked up.")
        files = {one.address: one for one in reversed(found.sources) if one.address.startswith("/")}
        sources = [Source(title=one.source, address=one.address, quote=one.quote) for one in files.values()]
        return ToolResult(text=found.text, sources=tuple(reversed(sources)))
