"""What a tool in another process says of itself, and how calls and answers cross the pipe.

Both sides import this: the engine (isolation.py, mcp.py) and the children.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator

from senter.components.task_engine.planner.plan import Postcondition
from senter.components.task_engine.tools.tool import Tool, ToolResult
from senter.errors import ChildFailed, PermissionNeeded, SenterError, ToolError
from senter.messages.goals import Source
from senter.messages.needs import NEEDS, EarlierWords, Needs
from senter.messages.tools import EffectClass

LONGEST_DESCRIPTION = 2_000
AGAIN_IS_FINE = frozenset({EffectClass.PURE, EffectClass.IDEMPOTENT})


class Description(BaseModel):
    """A tool that runs elsewhere."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_./-]{0,127}$")
    description: str
    effect: EffectClass
    permission: str
    timeout_seconds: float = Field(gt=0, le=3_600)
    json_schema: dict[str, JsonValue]
    postconditions: tuple[Postcondition, ...] = ()
    compensates: bool = False


class Returned(BaseModel):
    """A result as it crosses the pipe. Whether it can be trusted is not for the sender to say."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: str
    data: dict[str, JsonValue] = {}
    sources: tuple[Source, ...] = ()
    files: tuple[str, ...] = ()

    def result(self) -> ToolResult:
        return ToolResult(text=self.text, data=self.data, sources=self.sources, files=self.files, trusted=False)

    @staticmethod
    def of(result: ToolResult) -> Returned:
        return Returned(text=result.text, data=result.data, sources=result.sources, files=result.files)


class ForeignArguments(BaseModel):
    """Arguments that a JSON schema describes, checked by it."""

    model_config = ConfigDict(frozen=True, extra="allow")


def arguments_type(schema: Mapping[str, JsonValue]) -> type[ForeignArguments]:
    """A type whose values are those of the schema. Raises `ToolError` for a schema that is none."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError, ValidationError

    exact = dict(schema)
    try:
        Draft202012Validator.check_schema(exact)
    except SchemaError as error:
        raise ToolError(f"The schema of its arguments is wrong: {error.message[:200]}.") from error
    validator = Draft202012Validator(exact)

    class Checked(ForeignArguments):
        @model_validator(mode="before")
        @classmethod
        def _by_schema(cls, value: Any) -> Any:
            try:
                validator.validate(value)  # pyright: ignore[reportUnknownMemberType] - has no types
            except ValidationError as error:
                raise ValueError(error.message[:300]) from error
            return value

        @classmethod
        def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
            return exact

    return Checked


def failed(tool: Tool[ForeignArguments], why: str) -> SenterError:
    """What a call that broke in the middle did is not known; only where that does not matter may it be tried again."""
    text = f"The tool {tool.name} failed. {why}"
    return ToolError(text, retryable=True) if tool.effect in AGAIN_IS_FINE else ChildFailed(text)


def told_error(error: SenterError) -> dict[str, JsonValue]:
    """An error on its way through the pipe."""
    told: dict[str, JsonValue] = {"code": error.code, "message": error.message, "hint": error.hint}
    if isinstance(error, ToolError):
        told["retryable"] = error.retryable
    if isinstance(error, PermissionNeeded):
        told["needs"] = [need.model_dump(mode="json") for need in error.needs if isinstance(need, BaseModel)]
    return told


def error_of(told: JsonValue) -> SenterError:
    """What came through the pipe as an error."""
    given = cast("dict[str, JsonValue]", told) if isinstance(told, dict) else {}
    message, hint = str(given.get("message", "It failed without saying why."))[:2_000], str(given.get("hint", ""))
    if given.get("code") == PermissionNeeded.code:
        needs = _needs(given.get("needs"))
        return PermissionNeeded(needs) if needs else ToolError(message, hint)
    if given.get("code") == ToolError.code:
        return ToolError(message, hint, retryable=given.get("retryable") is True)
    return SenterError.from_wire(str(given.get("code", "")), message, hint)


def _needs(told: JsonValue) -> Needs:
    """What a tool says that it needs; none where it is no need, or one in words of its own."""
    try:
        needs = NEEDS.validate_python(told)
    except ValidationError:
        return ()
    return () if any(isinstance(need, EarlierWords) for need in needs) else needs
