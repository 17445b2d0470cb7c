"""Results of tools as they are kept: bounded in size, and saying so where something was left out."""

from __future__ import annotations

import json
from dataclasses import replace

from pydantic import JsonValue, TypeAdapter

from senter.components.task_engine.contract.tool import LARGEST_RESULT_CHARACTERS, ToolResult

RESULT = TypeAdapter(ToolResult)
MOST_SOURCES = 200
MOST_FILES = 1_000


def shortened(result: ToolResult) -> ToolResult:
    """The result within bounds."""
    text = _text(result.text)
    data, left_out = _data(result.data)
    notes = [note for note in (left_out, _more(result.sources, MOST_SOURCES, "sources")) if note]
    kept = replace(
        result,
        text="\n".join([text, *notes]) if notes else text,
        data=data,
        sources=result.sources[:MOST_SOURCES],
        files=result.files[:MOST_FILES],
    )
    return _sayable(kept)


def encode_result(result: ToolResult) -> str:
    return RESULT.dump_json(result).decode()


def decode_result(text: str) -> ToolResult:
    return RESULT.validate_json(text)


def _text(text: str) -> str:
    if len(text) > LARGEST_RESULT_CHARACTERS:
        left_out = len(text) - LARGEST_RESULT_CHARACTERS
        text = f"{text[:LARGEST_RESULT_CHARACTERS]}\n[cut: {left_out:,} more characters]"
    return text


def _sayable(result: ToolResult) -> ToolResult:
    """Half a character, from a file name that is no text, becomes a question mark."""
    exact = json.dumps(RESULT.dump_python(result, mode="json"), ensure_ascii=False)
    try:
        exact.encode()
    except UnicodeEncodeError:
        return RESULT.validate_json(exact.encode("utf-8", "replace"))
    return result


def _data(data: dict[str, JsonValue]) -> tuple[dict[str, JsonValue], str]:
    size = len(json.dumps(data))
    if size <= LARGEST_RESULT_CHARACTERS:
        return data, ""
    return {}, f"[left out: {size:,} characters of data]"


def _more(found: tuple[object, ...], limit: int, what: str) -> str:
    return f"[left out: {len(found) - limit:,} more {what}]" if len(found) > limit else ""
