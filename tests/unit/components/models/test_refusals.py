"""What servers say when they refuse: read in every shape, with the prompt that is too long in its many words."""

from __future__ import annotations

import json

import pytest
from pydantic import JsonValue

from senter.components.models.refusals import parse_fault

SAID = "Extra inputs are not permitted"
DETAIL: JsonValue = [{"type": "extra_forbidden", "loc": ["body", "stream_options"], "msg": SAID}]


def body(value: JsonValue) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (body({"error": {"message": "No.", "type": "invalid_request_error", "code": None}}), "No."),
        (body({"error": "No."}), "No."),
        (body({"error": {"error": {"message": "No."}}}), "No."),
        (body([{"error": {"code": 400, "message": "No.", "status": "INVALID_ARGUMENT"}}]), "No."),
        (body({"object": "error", "message": "No.", "type": "BadRequestError", "code": 400}), "No."),
        (body({"message": "No."}), "No."),
        (body({"detail": "No."}), "No."),
        (body({"detail": {"message": "No."}}), "No."),
        (body({"errors": ["No.", "Never."]}), "No.; Never."),
        (body({"errors": [{"message": "No."}]}), "No."),
        (body({"title": "Bad", "detail": "No."}), "No."),
        (body({"error": "bad_request", "error_description": "No."}), "No."),
        (body({"detail": DETAIL}), f"stream_options: {SAID}"),
        (body({"object": "error", "message": {"detail": DETAIL}}), f"stream_options: {SAID}"),
        (
            body({"error": {"message": "Provider error", "metadata": {"raw": '{"error": {"message": "No."}}'}}}),
            "Provider error: No.",
        ),
        (body({"error": {"message": "Upstream", "metadata": {"raw": "No."}}}), "Upstream: No."),
        (body("No."), "No."),
        (b"No.", "No."),
        (b"<html><body>502 Bad Gateway</body></html>", ""),
        (b"\xff\xfe\x00", ""),
        (b"", ""),
        (b"null", ""),
    ],
)
def test_why_it_refuses_is_read_in_every_shape(answer: bytes, said: str) -> None:
    assert parse_fault(answer).message == said


@pytest.mark.parametrize(
    "words",
    [
        "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
        "prompt is too long: 210000 tokens > 200000 maximum",
        "Requested tokens (5000) exceed context window of 4096",
        "The input token count (5000) exceeds the maximum number of tokens allowed (4096).",
        "Input is too long for requested model.",
        "Trying to keep the first 5000 tokens when context the overflows.",
        "context too long: 5000 > 4096",
        "the request exceeds the available context size. try increasing it",
        "Your input exceeds the context window of this model.",
        "input length and `max_tokens` exceed context limit: 199000 + 8000 > 200000",
        "`inputs` tokens + `max_new_tokens` must be <= 2048. Given: 5000 `inputs` tokens",
        "too many tokens: total number of tokens in the prompt cannot exceed 4081",
        "Range of input length should be [1, 30720]",
        "Your request exceeded model token limit: 8192 (requested: 9000)",
        "The decoder prompt (length 5000) is longer than the maximum model length of 4096.",
        "Please reduce the length of the messages.",
        "This model's maximum prompt length is 131072 but the request contains 140000 tokens.",
        "Prompt contains 5000 tokens, too large for model with 4096 maximum context length",
        "prompt token count of 70000 exceeds the limit of 64000",
    ],
)
def test_a_prompt_that_is_too_long_is_told_in_many_words(words: str) -> None:
    assert parse_fault(body({"error": {"message": words, "code": None}})).prompt_too_long


@pytest.mark.parametrize("sign", ["context_length_exceeded", "exceed_context_size_error", "string_above_max_length"])
@pytest.mark.parametrize("key", ["code", "type"])
def test_or_in_one(key: str, sign: str) -> None:
    assert parse_fault(body({"error": {"message": "", key: sign}})).prompt_too_long


@pytest.mark.parametrize(
    "words",
    [
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "max_tokens is too large: 9000. This model supports at most 4096 completion tokens.",
        "'max_tokens' or 'max_completion_tokens' is too large: 500. This model's maximum context length is 409 tokens.",
        "Rate limit reached: input tokens per minute exceed the limit of 6000",
        "You exceeded your current quota, please check your plan and billing details.",
        "System role not supported",
        "The model is loading",
        "Invalid API key",
    ],
)
def test_other_refusals_are_about_something_else(words: str) -> None:
    assert not parse_fault(body({"error": {"message": words}})).prompt_too_long


@pytest.mark.parametrize(
    ("answer", "parameter"),
    [
        ({"error": {"message": "No.", "param": "max_tokens"}}, "max_tokens"),
        ({"detail": DETAIL}, "stream_options"),
        ({"detail": [{"loc": ["body", "messages", 0, "role"], "msg": "No."}]}, "messages.0.role"),
        ({"error": {"message": "No.", "param": None}}, ""),
    ],
)
def test_the_parameter_it_names_is_read(answer: JsonValue, parameter: str) -> None:
    assert parse_fault(body(answer)).parameter == parameter
