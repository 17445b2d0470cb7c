"""One task while it is carried out: its steps, what it may call without waiting, and whether it stayed trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import BaseModel, JsonValue, ValidationError

from senter.component.tokens import estimate_tokens, fitting_beginning
from senter.components.task_engine.agent.offering import ANY_TIME, offered
from senter.components.task_engine.agent.situation import situation
from senter.components.task_engine.contract.steps import Assignment, Steps, TaskOutput
from senter.components.task_engine.contract.tool import Tool, ToolLookup, ToolResult
from senter.components.task_engine.permissions.decide import outside
from senter.errors import (
    InvalidInput,
    ModelError,
    NotFound,
    PermissionNeeded,
    SenterError,
    TooLarge,
    ToolError,
    Unavailable,
)
from senter.messages.acts import Receipt
from senter.messages.goals import Source
from senter.messages.model import AnswerOptions, Capability, ChatMessage, ModelRequest, ModelResponse, Priority
from senter.moments.zones import user_zone
from senter.paths import Paths
from senter.understanding.claims.guard import without_claims

BASIC_PROMPT_TOKENS = 2_000
CAPABLE_PROMPT_TOKENS = 6_000
BASIC_ANSWER_TOKENS = 400
CAPABLE_ANSWER_TOKENS = 2_000
CUT_OFF = "*Here the model reached the limit of its answer; more would have followed.*"
TOOL_FAILURES = (ToolError, InvalidInput, NotFound, TooLarge)


@dataclass
class TaskRun:
    """What the kinds of work are given."""

    assignment: Assignment
    steps: Steps
    tools: ToolLookup
    paths: Paths
    timezone: str
    """The setting."""
    trusted: bool = field(init=False)

    def __post_init__(self) -> None:
        self.trusted = all(output.trusted for output in self.assignment.inputs.values())

    @property
    def topic(self) -> str:
        return self.assignment.task.about or self.assignment.goal

    @cached_property
    def situation(self) -> str:
        """What every prompt says. Raises `SettingsError` for a zone that is not there."""
        return situation(self.assignment.asked_at, user_zone(self.timezone), self.assignment.grant)

    async def tool(self, name: str, arguments: Mapping[str, JsonValue]) -> ToolResult:
        return self._noted(await self.steps.tool(name, arguments))

    async def try_tool(self, name: str, arguments: Mapping[str, JsonValue]) -> ToolResult | str:
        """The result, or why there is none, for work that can do without. It never waits for a person."""
        try:
            return self._noted(await self.steps.tool(name, arguments, may_wait=False))
        except (*TOOL_FAILURES, PermissionNeeded) as error:
            return error.message

    def _noted(self, result: ToolResult) -> ToolResult:
        self.trusted = self.trusted and result.trusted
        return result

    def usable(self, name: str) -> bool:
        return name in self.tools.names() and not self.tools.get(name).unavailable()

    def offered(self) -> list[Tool[BaseModel]]:
        """The tools that a model may choose from."""
        tools = (self.tools.get(name) for name in sorted(self.tools.names()))
        return offered(tools, self.assignment.grant, self.assignment.goal)

    def within_grant(self, name: str, arguments: Mapping[str, JsonValue]) -> bool:
        """Whether a call would go on without waiting for a person."""
        tool = self.tools.get(name)
        try:
            needs = tool.needs(tool.arguments.model_validate(dict(arguments)), self.paths)
        except (ValidationError, SenterError, ValueError):
            return False
        lasting = self.assignment.grant.model_copy(update={"expires_at": None})
        return not outside(lasting, needs, ANY_TIME)

    async def ask_capable(self, messages: Sequence[ChatMessage], options: AnswerOptions) -> ModelResponse | None:
        """A capable model's answer; none where there is no such model, or where it was cut off."""
        response = await self._ask(
            research_request(messages, CAPABLE_ANSWER_TOKENS, least=Capability.CAPABLE, options=options)
        )
        if response is None or response.capability is not Capability.CAPABLE or response.finish_reason == "length":
            return None
        return response

    async def ask_anyone(self, question: str) -> str | None:
        """Whatever model there is, with a small prompt; none where it fails. Its answer may be wrong in any way, but it
        claims to have done nothing."""
        fitting = fitting_beginning(
            question, BASIC_PROMPT_TOKENS - BASIC_ANSWER_TOKENS - estimate_tokens(self.situation)
        )
        messages = [ChatMessage(role="system", content=self.situation), ChatMessage(role="user", content=fitting)]
        response = await self._ask(research_request(messages, BASIC_ANSWER_TOKENS))
        text = without_claims(question, response.text).strip() if response else ""
        if response and text and response.finish_reason == "length":
            return f"{text} …\n\n{CUT_OFF}"
        return text or None

    async def _ask(self, request: ModelRequest) -> ModelResponse | None:
        try:
            return await self.steps.model(request)
        except (ModelError, Unavailable):
            return None

    def output(
        self,
        text: str,
        *,
        data: dict[str, JsonValue] | None = None,
        sources: Sequence[Source] = (),
        files: Sequence[str] = (),
        receipts: Sequence[Receipt] = (),
    ) -> TaskOutput:
        return TaskOutput(
            text=text,
            data=data or {},
            sources=tuple(sources),
            files=tuple(files),
            trusted=self.trusted,
            receipts=tuple(receipts),
        )


def research_request(
    messages: Sequence[ChatMessage],
    max_tokens: int,
    *,
    schema: dict[str, JsonValue] | None = None,
    least: Capability = Capability.BASIC,
    options: AnswerOptions | None = None,
) -> ModelRequest:
    """Asked in the background, whole and the same way each time."""
    return ModelRequest(
        messages=list(messages),
        use_system_prompt=False,
        priority=Priority.THROUGHPUT,
        max_tokens=max_tokens,
        temperature=0,
        stream=False,
        response_schema=schema,
        least=least,
        options=options or AnswerOptions(),
    )
