from __future__ import annotations

import httpx2
import pytest

from senter.components.api.openai.completion_body import CompletionBody
from senter.messages.model import AnswerOptions, ChatMessage
from tests.support.api_stage import Scene
from tests.support.openai_bodies import choices_of, chunks_of, refusal_of

TEXT = "/v1/completions"


@pytest.mark.parametrize("prompt", ["Once upon", ["Once upon"]])
async def test_a_prompt_is_put_as_one_message(http: httpx2.AsyncClient, scene: Scene, prompt: object) -> None:
    body = {"model": "model_primary", "prompt": prompt, "max_tokens": 9, "stop": ["\n"], "echo": False, "best_of": 1}
    completion = (await http.post(TEXT, json=body)).json()

    assert completion["object"] == "text_completion"
    assert completion["choices"] == [
        {"index": 0, "text": "Python is a language.", "logprobs": None, "finish_reason": "stop"}
    ]
    assert completion["usage"]["total_tokens"] == 16
    (asked,) = scene.model.requests
    assert asked.messages == [ChatMessage(role="user", content="Once upon")]
    assert (asked.max_tokens, asked.options) == (9, AnswerOptions(stop=("\n",)))


async def test_a_completion_streams(http: httpx2.AsyncClient) -> None:
    body = {"prompt": "Once upon", "stream": True, "stream_options": {"include_usage": True}}
    chunks = chunks_of((await http.post(TEXT, json=body)).text)

    choices = choices_of(chunks)
    assert "".join(str(choice["text"]) for choice in choices) == "Python is a language."
    assert [choice["finish_reason"] for choice in choices][-2:] == [None, "stop"]
    assert chunks[-1]["usage"] == {"prompt_tokens": 11, "completion_tokens": 5, "total_tokens": 16}


@pytest.mark.parametrize(
    ("more", "parameter"),
    [
        ({"prompt": ["a", "b"]}, "prompt"),
        ({"prompt": [1, 2]}, "prompt"),
        ({"prompt": ""}, "prompt"),
        ({"suffix": "end"}, "suffix"),
        ({"echo": True}, "echo"),
        ({"best_of": 2}, "best_of"),
        ({"logprobs": 3}, "logprobs"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(more: dict[str, object], parameter: str) -> None:
    refusal = refusal_of(CompletionBody, {"prompt": "x", **more})

    assert refusal and refusal.param == parameter
