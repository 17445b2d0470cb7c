"""Every failure under /v1 in the shape OpenAI clients read: a sentence, the parameter at fault, and a code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from pydantic import BaseModel, Field

from senter.components.api.complaints import Complaint
from senter.errors import ParameterRefused, PromptTooLong, SenterError

NAMES: Final = {PromptTooLong.code: "context_length_exceeded", ParameterRefused.code: "unsupported_parameter"}
"""What OpenAI calls what has another code here."""

Facts: TypeAlias = Mapping[str, object]


class FailureDetails(BaseModel):
    message: str = Field(description="What happened and what can be done about it.")
    type: str = Field(description="invalid_request_error or server_error.")
    param: str | None = Field(description="The parameter at fault, where it is one.")
    code: str = Field(description="The kind of problem, for programs.")


class OpenAIFailure(BaseModel):
    """What went wrong."""

    error: FailureDetails


def failure_of(error: SenterError, status: int) -> OpenAIFailure:
    """The hint follows the sentence because clients show nothing else."""
    kind = "invalid_request_error" if 400 <= status < 500 and status != 429 else "server_error"
    details = FailureDetails(
        message=f"{error.message} {error.hint}".strip(),
        type=kind,
        param=error.parameter or None,
        code=NAMES.get(error.code, error.code),
    )
    return OpenAIFailure(error=details)


def failure_for(complaints: Sequence[Complaint]) -> OpenAIFailure:
    """What a validation found first, in words for people. What cannot be done at all comes before what is missing."""
    complaint = next((one for one in complaints if one["type"] in UNSUPPORTED), complaints[0])
    facts = complaint.get("ctx", {})
    param = place_of(complaint["loc"], str(facts.get("parameter", "")))
    details = FailureDetails(
        message=_sentence(complaint["type"], complaint["msg"], param, facts),
        type="invalid_request_error",
        param=param or None,
        code=CODES.get(complaint["type"], "invalid_value"),
    )
    return OpenAIFailure(error=details)


def place_of(place: Sequence[str | int], below: str = "") -> str:
    """Where something stands in a body, as `messages[1].content`."""
    path = ""
    for step in (*place[1:], *([below] if below else ())):
        if isinstance(step, int):
            path += f"[{step}]"
        elif not step.startswith("<"):  # else the name of one of the shapes it may have
            path += f".{step}" if path else step
    return path


CODES: Final[Mapping[str, str]] = {
    "missing": "missing_required_parameter",
    "missing_required_parameter": "missing_required_parameter",
    "extra_forbidden": "unknown_parameter",
    "unsupported_parameter": "unsupported_parameter",
    "unsupported_value": "unsupported_value",
    "int_type": "invalid_type",
    "float_type": "invalid_type",
    "bool_type": "invalid_type",
    "string_type": "invalid_type",
    "list_type": "invalid_type",
    "dict_type": "invalid_type",
    "model_type": "invalid_type",
    "model_attributes_type": "invalid_type",
    "json_invalid": "invalid_json",
}

PREDICATES: Final[Mapping[str, Callable[[Facts], str]]] = {
    "missing": lambda _: "is missing",
    "extra_forbidden": lambda _: "is not known here",
    "int_type": lambda _: "must be a whole number",
    "int_from_float": lambda _: "must be a whole number",
    "float_type": lambda _: "must be a number",
    "finite_number": lambda _: "must be a number",
    "bool_type": lambda _: "must be true or false",
    "string_type": lambda _: "must be text",
    "string_pattern_mismatch": lambda _: "may have 1 to 128 letters, digits, dots, hyphens and underscores",
    "list_type": lambda _: "must be a list",
    "too_short": lambda _: "must not be empty",
    "too_long": lambda facts: f"is too long: at most {facts['max_length']}",
    "dict_type": lambda _: "must be an object",
    "model_type": lambda _: "must be an object",
    "model_attributes_type": lambda _: "must be an object",
    "literal_error": lambda facts: f"must be {facts['expected']}",
    "greater_than_equal": lambda facts: f"must be at least {_plain(facts['ge'])}",
    "less_than_equal": lambda facts: f"must be at most {_plain(facts['le'])}",
    "surrogate": lambda _: "is not valid Unicode: it holds half a surrogate pair",
}


def _sentence(kind: str, said: str, param: str, facts: Facts) -> str:
    if "sentence" in facts:
        return str(facts["sentence"])
    if kind == "json_invalid":
        return "The body is not valid JSON."
    if not param:
        return "The body must be a JSON object, sent with Content-Type: application/json."
    predicate = PREDICATES.get(kind)
    if predicate:
        return f"{param} {predicate(facts)}."
    return f"{param} {said}." if kind in OWN else f"{param} cannot be used as it is."


def _plain(limit: object) -> str:
    return str(limit).removesuffix(".0")


UNSUPPORTED: Final = frozenset({"unsupported_parameter", "unsupported_value"})
OWN: Final = frozenset({"invalid_value", "unsupported_value"})
"""Kinds whose words are Senter's."""
