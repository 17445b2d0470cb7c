"""Reading what servers send: either it is understood, or it is garbage; nothing else may come out."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from senter.components.models.chunks import AnswerChunk, parse_chunk
from senter.components.models.json_values import Garbage
from senter.components.models.refusals import parse_fault
from senter.components.models.wire import parse_models

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10)
ANSWERS = ("choices", "index", "delta", "message", "content", "usage", "logprobs")
CALLS = ("tool_calls", "function", "arguments")
FAULTS = ("error", "code", "detail", "loc", "metadata", "raw")
keys = st.sampled_from((*ANSWERS, *CALLS, *FAULTS, "data", "id", "meta", "x"))
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5), max_leaves=20
)


def chunk(value: JsonValue) -> AnswerChunk:
    return parse_chunk(json.dumps(value).encode())


def first(choice: JsonValue) -> AnswerChunk:
    return chunk({"choices": [choice]})


@given(anything)
def test_any_json_is_understood_or_garbage(value: JsonValue) -> None:
    data = json.dumps(value).encode()
    with suppress(Garbage):
        assert isinstance(parse_chunk(data).text, str)
    with suppress(Garbage):
        assert all(model.id for model in parse_models(data))
    assert isinstance(parse_fault(data).prompt_too_long, bool)


@given(st.binary(max_size=200))
def test_any_bytes_are_understood_or_garbage(data: bytes) -> None:
    with suppress(Garbage):
        parse_chunk(data)
    with suppress(Garbage):
        parse_models(data)
    parse_fault(data)


@pytest.mark.parametrize("content", [None, 5, {"type": "text"}, [{"type": "image_url"}, 3, None]])
def test_content_that_is_no_text_counts_as_none(content: JsonValue) -> None:
    assert first({"delta": {"content": content}}).text == ""


@pytest.mark.parametrize(
    "choice",
    [
        {"delta": {"content": "Hello"}},
        {"delta": {}, "message": {"content": "Hello"}},
        {"delta": None, "text": "Hello"},
        {"message": {"content": ["Hel", "lo"]}},
        {"delta": {"content": [{"type": "text", "text": "Hel"}, {"type": "output_text", "text": "lo"}]}},
        {"delta": {"content": {"type": "text", "text": "Hello"}}},
        {"delta": {"content": [{"type": "thinking", "thinking": [{"text": "Hm"}]}, {"type": "text", "text": "Hello"}]}},
        {"message": {"content": None, "refusal": "Hello"}},
        {"index": "0", "delta": {"content": "Hello"}},
    ],
)
def test_text_is_found_where_servers_put_it(choice: JsonValue) -> None:
    assert first(choice).text == "Hello"


@pytest.mark.parametrize(
    "said",
    [
        {"reasoning_content": "Hm"},
        {"reasoning": "Hm"},
        {"thinking": "Hm"},
        {"reasoning_details": [{"text": "Hm"}]},
        {"content": [{"type": "thinking", "thinking": "Hm"}]},
    ],
)
def test_thoughts_in_a_place_of_their_own_are_no_text(said: JsonValue) -> None:
    found = first({"delta": said})
    assert (found.text, found.thought) == ("", True)


def test_of_several_answers_the_first_is_taken() -> None:
    second: JsonValue = {"index": 1, "delta": {"content": "SECOND"}}
    assert first(second).text == ""
    assert chunk({"choices": [second, {"index": 0, "delta": {"content": "first"}}]}).text == "first"


@pytest.mark.parametrize(
    ("usage", "counts"),
    [
        ({"prompt_tokens": 3, "completion_tokens": 2}, (3, 2)),
        ({"prompt_tokens": 1.5, "completion_tokens": 2.5}, (1, 2)),
        ({"prompt_tokens": "7", "completion_tokens": None}, (7, None)),
        ({"prompt_tokens": -1, "completion_tokens": True}, (None, None)),
        ({"prompt_tokens": 1e999, "completion_tokens": {}}, (None, None)),
        (None, (None, None)),
        ("12", (None, None)),
        ([], (None, None)),
    ],
)
def test_counts_are_read_as_far_as_they_are_numbers(usage: JsonValue, counts: tuple[int | None, int | None]) -> None:
    found = chunk({"choices": None, "usage": usage})
    assert (found.prompt_tokens, found.completion_tokens) == counts


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("stop", "stop"),
        ("STOP", "stop"),
        ("eos_token", "stop"),
        ("MAX_TOKENS", "length"),
        ("max_output_tokens", "length"),
        ("SAFETY", "content_filter"),
        ("function_call", "tool_calls"),
        ("", ""),
        (None, ""),
        (7, ""),
        ("insufficient_system_resource", "insufficient_system_resource"),
    ],
)
def test_reasons_to_end_are_read_in_other_words(said: JsonValue, reason: str) -> None:
    assert first({"delta": {}, "finish_reason": said}).finish_reason == reason


@pytest.mark.parametrize(
    ("listed", "names"),
    [
        ({"object": "list", "data": [{"id": "m"}]}, ["m"]),
        ([{"id": "m"}, {"id": "n"}], ["m", "n"]),
        ({"data": ["m"]}, ["m"]),
        ({"models": [{"name": "m", "model": "m:latest"}]}, ["m"]),
        ({"data": [{"id": None, "name": "x"}, {"id": "m"}, 5, None]}, ["m"]),
        ({"data": {"id": "m"}}, ["m"]),
        ({"data": None}, []),
        ({"data": [{"id": "half \ud83d"}]}, ["half ?"]),
    ],
)
def test_the_models_are_found_however_they_are_listed(listed: JsonValue, names: list[str]) -> None:
    assert [model.id for model in parse_models(json.dumps(listed).encode())] == names


@pytest.mark.parametrize("body", [b"", b"<html>", b"5", b'"m"', b'{"hello": 1}'])
def test_what_is_no_list_of_models_is_garbage(body: bytes) -> None:
    with pytest.raises(Garbage):
        parse_models(body)


def test_the_context_is_read_where_a_server_tells_it() -> None:
    told = parse_models(
        b'{"data": [{"id": "m", "meta": {"n_ctx": 4096}}, {"id": "n", "max_model_len": 8192}, {"id": "o"}]}'
    )
    assert [model.context_tokens for model in told] == [4_096, 8_192, None]


def test_what_a_server_tells_of_a_model_is_kept_in_a_fixed_order() -> None:
    (one,) = parse_models(b'{"data": [{"id": "m", "b": 1, "a": {"d": 2, "c": 3}, "created": 9}]}')
    (other,) = parse_models(b'{"data": [{"created": 8, "a": {"c": 3, "d": 2}, "b": 1, "id": "m"}]}')
    assert one.told({"created"}) == other.told({"created"})
    assert one.told() != other.told()
