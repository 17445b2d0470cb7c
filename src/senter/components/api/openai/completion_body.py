"""What callers of /v1/completions send: a prompt that is put as one message of a chat."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from senter.components.api.openai.chat_body import SAMPLING
from senter.components.api.openai.fields import IdleValues, Refusals, Text, refused
from senter.components.api.openai.sampling_body import WordSampling
from senter.messages.model import ChatMessage, ModelRequest

ASK_CHATS = "Ask at /v1/chat/completions for them."


def _one_text(prompt: object) -> object:
    match prompt:
        case [str(only)]:
            return only
        case list():
            raise refused("unsupported_value", "prompt must be one text, or a list with one text.")
        case _:
            return prompt


class CompletionBody(WordSampling):
    """A text to go on from."""

    refuses: ClassVar[Refusals] = {
        "suffix": "Put what follows into the prompt.",
        "logprobs": ASK_CHATS,
        "echo": "Put the prompt before the answer yourself.",
        "best_of": "One answer is given at a time.",
        "logit_bias": "Say in the prompt which words to leave out.",
        "top_k": SAMPLING,
        "min_p": SAMPLING,
    }
    idle: ClassVar[IdleValues] = {"suffix": "", "echo": False, "best_of": 1, "logit_bias": {}}

    prompt: Annotated[Text, Field(min_length=1), BeforeValidator(_one_text)] = Field(
        description="What is asked: text, or a list with one text."
    )

    def to_request(self) -> ModelRequest:
        return ModelRequest(
            messages=[ChatMessage(role="user", content=self.prompt)],
            max_tokens=self.max_tokens,
            temperature=self.temperature,
            stream=self.stream,
            options=self.word_options,
        )
