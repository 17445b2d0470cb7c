"""How an answer is to be made, as every way of asking /v1 says it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from senter.components.api.openai.fields import (
    Flag,
    Given,
    Ignored,
    Penalty,
    Seed,
    Share,
    Temperature,
    Text,
    TokenCount,
)
from senter.messages.model import AnswerOptions

MOST_STOPS = 64


class Sampling(Given):
    """What all ways of asking have in common."""

    model: Text = Field(default="senter", description="senter, model_primary or model_research.")
    stream: Flag = Field(default=False, description="Whether the answer comes in pieces.")
    temperature: Temperature | None = Field(default=None, description="0 to 2.")
    top_p: Share | None = Field(default=None, description="Share of likely tokens to choose from, 0 to 1.")
    user: Ignored = None
    metadata: Ignored = None
    store: Ignored = None
    service_tier: Ignored = None
    prompt_cache_key: Ignored = None
    prompt_cache_options: Ignored = None
    prompt_cache_retention: Ignored = None
    safety_identifier: Ignored = None


class StreamOptions(Given):
    include_usage: Flag = Field(default=False, description="Whether a last chunk carries the usage.")
    include_obfuscation: Ignored = None


def _as_list(given: object) -> object:
    return [given] if isinstance(given, str) else given


StopList = Annotated[
    list[Annotated[Text, Field(min_length=1)]], Field(max_length=MOST_STOPS), BeforeValidator(_as_list)
]


class WordSampling(Sampling):
    """What chats and completions have in common beside."""

    max_tokens: TokenCount | None = Field(default=None, description="Answer budget in tokens.")
    stop: StopList = Field(
        default_factory=list[str], description="The answer ends before the first of these: text, or a list."
    )
    seed: Seed | None = Field(default=None, description="Makes the answer repeatable where the model's server can.")
    frequency_penalty: Penalty | None = Field(default=None, description="Against frequent words, -2 to 2.")
    presence_penalty: Penalty | None = Field(default=None, description="Against words said before, -2 to 2.")
    n: Literal[1] = Field(default=1, description="One answer at a time.")
    stream_options: StreamOptions = Field(default=StreamOptions(), description="Counts with stream.")

    @property
    def wants_usage(self) -> bool:
        return self.stream_options.include_usage

    @property
    def word_options(self) -> AnswerOptions:
        return AnswerOptions(
            stop=tuple(self.stop),
            top_p=self.top_p,
            seed=self.seed,
            frequency_penalty=self.frequency_penalty,
            presence_penalty=self.presence_penalty,
        )
