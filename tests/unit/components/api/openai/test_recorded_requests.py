"""Requests as programs that people use send them: each is answered, and every word of it reaches the model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import httpx2
import pytest
from pydantic import JsonValue

from tests.support.api_stage import Scene

RECORDED = sorted((Path(__file__).parent / "recorded").glob("*.json"))
FINE_PLACES = ("messages", "prompt", "input", "instructions", "tools", "stop")


def words_in(value: JsonValue) -> Iterator[str]:
    """The texts that somebody wrote for the model to read."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in (
                "content",
                "text",
                "arguments",
                "description",
                "output",
                "tool_call_id",
                "call_id",
                "name",
            ) or key in ("tool_calls", "function", "parameters", "properties"):
                yield from words_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from words_in(inner)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("file", RECORDED, ids=[file.stem for file in RECORDED])
async def test_a_recorded_request_is_answered_and_nothing_of_it_is_lost(
    http: httpx2.AsyncClient, scene: Scene, file: Path
) -> None:
    recorded = json.loads(file.read_text(encoding="utf-8"))
    body = cast("Mapping[str, JsonValue]", recorded["body"])
    response = await http.post(recorded["path"], json=body)

    assert response.status_code == 200, response.text
    (asked,) = scene.model.requests
    read = json.loads(asked.model_dump_json())
    reached = set(words_in(read["messages"])) | set(words_in(read["options"]["tools"])) | set(read["options"]["stop"])
    calls = [call for message in read["messages"] for call in message["tool_calls"]]
    reached |= {text for call in calls for text in call.values()}
    sent = {text for place in FINE_PLACES for text in words_in(body.get(place))}
    assert sent <= reached, sent - reached
    assert (asked.temperature, asked.stream) == (body.get("temperature"), bool(body.get("stream")))
    assert asked.options.top_p == body.get("top_p")


def test_ten_programs_are_recorded() -> None:
    assert len(RECORDED) >= 10
