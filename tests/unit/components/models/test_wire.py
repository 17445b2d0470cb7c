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


def test_the_number_of_parameters_is_read_where_a_server_tells_it() -> None:
    (model,) = parse_models(b'{"data": [{"id": "m", "meta": {"n_params": 134515008, "n_ctx_train": 8192}}]}')
    assert model.meta is not None
    assert model.meta.n_params == 134_515_008
