"""Reading what servers send: either it is understood, or it is garbage; nothing else may come out."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from senter.components.models.wire import Garbage, parse_chunk, parse_fault, parse_models

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10)
keys = st.sampled_from(["choices", "delta", "message", "content", "usage", "error", "code", "data", "id", "meta", "x"])
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5), max_leaves=20
)


@given(anything)
def test_any_json_is_understood_or_garbage(value: JsonValue) -> None:
    data = json.dumps(value).encode()
    with suppress(Garbage):
        assert all(isinstance(choice.text, str) for choice in parse_chunk(data).choices)
    with suppress(Garbage):
        parse_models(data)
    assert isinstance(parse_fault(data).prompt_too_long, bool)


@given(st.binary(max_size=200))
def test_any_bytes_are_understood_or_garbage(data: bytes) -> None:
    with suppress(Garbage):
        parse_chunk(data)
    with suppress(Garbage):
        parse_models(data)
    parse_fault(data)


@pytest.mark.parametrize("content", [None, 5, ["text"], {"type": "text"}])
def test_content_that_is_no_text_counts_as_none(content: JsonValue) -> None:
    chunk = parse_chunk(json.dumps({"choices": [{"delta": {"content": content}}]}).encode())
    assert [choice.text for choice in chunk.choices] == [""]


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
