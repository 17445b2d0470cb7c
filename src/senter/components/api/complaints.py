"""What a validation finds wrong with a request, and its sentence for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict


class Complaint(TypedDict):
    """One finding of a validation, as pydantic reports it."""

    type: str
    loc: Sequence[str | int]
    msg: str
    ctx: NotRequired[Mapping[str, object]]


def sentence_for(complaints: Sequence[Complaint]) -> str:
    """What is wrong with a request, in one sentence; never repeats what was sent."""
    return "; ".join(_clause(complaint) for complaint in complaints[:5]) + "."


def _clause(complaint: Complaint) -> str:
    if complaint["type"] == "json_invalid":
        return "the body is not valid JSON"
    if complaint["msg"].startswith("The question "):
        return complaint["msg"]  # it names the question itself
    if complaint["type"] == "model_attributes_type" and tuple(complaint["loc"]) == ("body",):
        return "the body must be a JSON object, sent with Content-Type: application/json"
    where = ".".join(str(part) for part in complaint["loc"][1:]) or "the request"
    reason = {"missing": "is missing", "extra_forbidden": "is not known here"}.get(complaint["type"])
    return f"{where} {reason}" if reason else f"{where}: {complaint['msg'].removesuffix('.')}"
