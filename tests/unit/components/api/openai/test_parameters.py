"""Each parameter that OpenAI's own client can send has a fate, and it is the one that the page tells."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from senter.components.api.openai.chat_body import ChatBody
from senter.components.api.openai.completion_body import CompletionBody
from senter.components.api.openai.fields import IGNORED, Given
from senter.components.api.openai.responses_body import ResponsesBody
from senter.messages.model import ModelRequest
from tests.support.openai_bodies import refusal_of

# The parameters of chat.completions.create, completions.create and responses.create.
CHAT = """
messages model audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens
metadata modalities moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_options
prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier stop store stream
stream_options temperature tool_choice tools top_logprobs top_p user verbosity web_search_options
"""
COMPLETION = """
model prompt best_of echo frequency_penalty logit_bias logprobs max_tokens n presence_penalty seed stop stream
stream_options suffix temperature top_p user
"""
RESPONSE = """
access_programs background background_options context_management conversation image include input instructions
max_output_tokens max_tool_calls metadata model moderation parallel_tool_calls previous_response_id prompt
prompt_cache_key prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier store stream
stream_options temperature text tool_choice tools top_logprobs top_p truncation user
"""
KNOWN: Mapping[type[Given], str] = {ChatBody: CHAT, CompletionBody: COMPLETION, ResponsesBody: RESPONSE}

USER = [{"role": "user", "content": "hi"}]
LEAST: Mapping[type[Given], Mapping[str, object]] = {
    ChatBody: {"messages": USER},
    CompletionBody: {"prompt": "hi"},
    ResponsesBody: {"input": "hi"},
}
TOOLS = [{"type": "function", "function": {"name": "w"}}]

# What reaches the model otherwise than where the parameter is left out; the rest of a body says how to answer.
HEEDED: list[tuple[type[Given], Mapping[str, object]]] = [
    (ChatBody, {"messages": [*USER, *USER]}),
    (ChatBody, {"frequency_penalty": 1}),
    (ChatBody, {"logprobs": True}),
    (ChatBody, {"logprobs": True, "top_logprobs": 2}),
    (ChatBody, {"max_completion_tokens": 5}),
    (ChatBody, {"max_tokens": 5}),
    (ChatBody, {"parallel_tool_calls": False}),
    (ChatBody, {"presence_penalty": 1}),
    (ChatBody, {"response_format": {"type": "json_object"}}),
    (ChatBody, {"seed": 1}),
    (ChatBody, {"stop": "x"}),
    (ChatBody, {"stream": True}),
    (ChatBody, {"temperature": 1}),
    (ChatBody, {"tools": TOOLS}),
    (ChatBody, {"tools": TOOLS, "tool_choice": "required"}),
    (ChatBody, {"top_p": 0.5}),
    (CompletionBody, {"prompt": "x"}),
    (CompletionBody, {"stop": ["x"]}),
    (CompletionBody, {"top_p": 0.5}),
    (CompletionBody, {"temperature": 1}),
    (CompletionBody, {"max_tokens": 5}),
    (ResponsesBody, {"input": "x"}),
    (ResponsesBody, {"instructions": "x"}),
    (ResponsesBody, {"max_output_tokens": 5}),
    (ResponsesBody, {"text": {"format": {"type": "json_object"}}}),
    (ResponsesBody, {"tools": [{"type": "function", "name": "w"}]}),
    (ResponsesBody, {"top_p": 0.5}),
]
ANYTHING: list[object] = ["x", 7, {"a": 1}, ["x"], True]


def asked(body: type[Given], more: Mapping[str, object]) -> ModelRequest:
    given = body.model_validate({**LEAST[body], **more})
    assert isinstance(given, ChatBody | CompletionBody | ResponsesBody)
    return given.to_request().model_copy(update={"request_id": ""})


def ignored(body: type[Given]) -> list[str]:
    return [name for name, field in body.model_fields.items() if field.description == IGNORED]


@pytest.mark.parametrize("body", KNOWN)
def test_each_parameter_has_a_fate(body: type[Given]) -> None:
    assert set(KNOWN[body].split()) <= {*body.model_fields, *body.refuses}
    assert not set(body.model_fields) & set(body.refuses)
    assert set(body.idle) <= set(body.refuses)


@pytest.mark.parametrize(("body", "more"), HEEDED)
def test_what_is_heeded_reaches_the_model(body: type[Given], more: Mapping[str, object]) -> None:
    *others, last = more.items()
    assert asked(body, more) != asked(body, dict(others))
    assert last[0] in body.model_fields


@pytest.mark.parametrize("body", KNOWN)
def test_what_is_passed_over_changes_nothing(body: type[Given]) -> None:
    for name in ignored(body):
        for value in ANYTHING:
            assert asked(body, {name: value}) == asked(body, {}), name


@pytest.mark.parametrize("body", KNOWN)
def test_what_is_refused_is_refused_by_name_whatever_it_says(body: type[Given]) -> None:
    for name in body.refuses:
        for value in ANYTHING:
            refusal = refusal_of(body, {**LEAST[body], name: value})
            assert refusal, name
            assert (refusal.param, refusal.code) == (name, "unsupported_parameter")
            assert refusal.message.startswith(f"{name} is not supported.")


@pytest.mark.parametrize("body", KNOWN)
def test_what_asks_for_nothing_is_taken(body: type[Given]) -> None:
    for name, value in body.idle.items():
        assert asked(body, {name: value}) == asked(body, {})
    nulls = dict.fromkeys({*body.model_fields, *body.refuses} - LEAST[body].keys())
    assert asked(body, nulls) == asked(body, {})


@pytest.mark.parametrize("body", KNOWN)
def test_what_nobody_knows_is_refused_by_name(body: type[Given]) -> None:
    refusal = refusal_of(body, {**LEAST[body], "mirostat": 1})
    assert refusal
    assert (refusal.param, refusal.code) == ("mirostat", "unknown_parameter")
