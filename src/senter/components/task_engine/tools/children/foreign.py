"""What a tool in another process says of itself, and how calls and answers cross the pipe.

Both sides import this: the engine (isolation.py, mcp_servers.py) and the children.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator

from senter.components.task_engine.contract.plan import Postcondition
from senter.components.task_engine.contract.tool import Tool, ToolResult
from senter.errors import ChildFailed, PermissionNeeded, SenterError, ToolError
from senter.messages.goals import Source
from senter.messages.needs import NEEDS, EarlierWords, Needs
from senter.messages.tools import EffectClass
from senter.text import one_line

if TYPE_CHECKING:
    import jsonschema

LONGEST_DESCRIPTION = 2_000
LONGEST_FAILURE = 300
MOST_NAMES = 10
AGAIN_IS_FINE = frozenset({EffectClass.PURE, EffectClass.IDEMPOTENT})
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_SAID = {
    "type": "not of type",
    "required": "required and not given:",
    "additionalProperties": "an argument that the tool does not know",
    "enum": "not among the values that the tool takes",
}


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


class Returned(BaseModel):
    """A result as it crosses the pipe. Whether it can be trusted is not for the sender to say."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)

    text: str
    data: dict[str, JsonValue] = {}
    sources: tuple[Source, ...] = ()
    files: tuple[str, ...] = ()

    def result(self) -> ToolResult:
        return ToolResult(text=self.text, data=self.data, sources=self.sources, files=self.files, trusted=False)


class ForeignArguments(BaseModel):
    """Arguments that a JSON schema describes, checked by it."""

    model_config = ConfigDict(frozen=True, extra="allow")


def arguments_type(schema: Mapping[str, JsonValue]) -> type[ForeignArguments]:
    """A type whose values are those of the schema. Raises `ToolError` for a schema that is none."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError, ValidationError
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    exact = dict(schema)
    try:
        Draft202012Validator.check_schema(exact)
    except SchemaError as error:
        raise ToolError(f"The schema of its arguments is wrong: {error.message[:200]}.") from error
    validator = Draft202012Validator(exact, registry=Registry())  # what it refers to is never fetched

    class CheckedArguments(ForeignArguments):
        @model_validator(mode="before")
        @classmethod
        def _by_schema(cls, value: Any) -> Any:
            try:
                validator.validate(value)  # pyright: ignore[reportUnknownMemberType] - has no types
            except ValidationError as error:
                raise ValueError(_misfit(error)) from error
            except (Unresolvable, RecursionError) as error:
                raise ValueError("its schema refers to what cannot be used") from error
            return value

        @classmethod
        def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
            return exact

    return CheckedArguments


class ForeignTool(Tool[ForeignArguments]):
    """Stands for a tool that runs elsewhere, as it describes itself. Raises `ToolError` for a schema that is none."""

    def __init__(self, described: Description, name: str, permission: str) -> None:
        self.name = name
        self.description = described.description[:LONGEST_DESCRIPTION]
        self.arguments = arguments_type(described.json_schema)
        self.effect = described.effect
        self.permission = permission
        self.timeout_seconds = described.timeout_seconds
        self.postconditions = described.postconditions


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
    """What came through the pipe as an error: of the two kinds that a tool may raise, and in the words of others."""
    given = cast("dict[str, JsonValue]", told) if isinstance(told, dict) else {}
    message, hint = cut_failure(str(given.get("message", ""))), cut_failure(str(given.get("hint", "")))
    if given.get("code") == PermissionNeeded.code and (needs := _needs(given.get("needs"))):
        return PermissionNeeded(needs)
    return ToolError(message or "It failed without saying why.", hint, retryable=given.get("retryable") is True)


def _needs(told: JsonValue) -> Needs:
    """What a tool says that it needs; none where it is no need, or one in words of its own."""
    try:
        needs = NEEDS.validate_python(told)
    except ValidationError:
        return ()
    return () if any(isinstance(need, EarlierWords) for need in needs) else needs


def cut_failure(text: str) -> str:
    """As much of what others say of a failure as it takes to try again, on one line."""
    return one_line(text, LONGEST_FAILURE)


def _misfit(error: jsonschema.ValidationError) -> str:
    """What is wrong with arguments, in our words: the library quotes the schema, which others wrote."""
    place = ".".join(str(part) for part in error.absolute_path)
    broken = str(error.validator)
    said = " ".join((_SAID.get(broken, "it does not fit what the tool takes"), *_named(error, broken)))
    return f"{place}: {said}" if place else said


def _named(error: jsonschema.ValidationError, broken: str) -> list[str]:
    """The types or arguments that are wanted, as far as they are no more than names."""
    if broken not in ("type", "required"):
        return []
    value, given = cast(JsonValue, error.validator_value), cast(JsonValue, error.instance)
    wanted = [str(name) for name in (value if isinstance(value, list) else [value])]
    missing = wanted if broken == "type" or not isinstance(given, dict) else [one for one in wanted if one not in given]
    return [repr(name) for name in missing[:MOST_NAMES] if _NAME.fullmatch(name)]
