"""Asking a language model.

A model worker answers `ModelRequest` with `ModelResponse`; while it works it sends `ModelDelta`s to
whoever listens for the request's correlation id. Deltas may be dropped: `offset` shows a gap, and the
response always holds the whole text.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, ConfigDict, Field, JsonValue

from senter.messages.envelope import Envelope
from senter.messages.message import Command, Done, Frozen, Reply, Volatile, new_message_id


class Priority(StrEnum):
    """How a request weighs speed against length; each sets the default answer budget."""

    LATENCY = "latency"
    BALANCED = "balanced"
    THROUGHPUT = "throughput"


class Capability(StrEnum):
    """What a model may be trusted with, least first."""

    BASIC = "basic"
    STRUCTURED = "structured"
    CAPABLE = "capable"

    def reaches(self, least: Capability) -> bool:
        levels = list(Capability)
        return levels.index(self) >= levels.index(least)


# Answer tokens by priority.
ANSWER_TOKENS = {Priority.LATENCY: 500, Priority.BALANCED: 1_000, Priority.THROUGHPUT: 2_000}


# Why an answer ended, where it was cut off: at the longest that was allowed, or by who watches what is said.
LENGTH = "length"
CONTENT_FILTER = "content_filter"
# What plans goals where no model is capable of it.
RULES = "rules"

# The finish_reason of a request that wants more of a model than any that is there can do.
DECLINED = "declined"


class ModelToolCall(Frozen):
    """A tool that a model wants called, in the words of the OpenAI API."""

    id: str = Field(description="Names the call to its result.")
    name: str = Field(description="The tool.")
    arguments: str = Field(description="JSON as the model wrote it; it may be wrong in any way.")


class ChatMessage(Frozen):
    """One message of a chat, in the words of the OpenAI API."""

    role: Literal["system", "user", "assistant", "tool"] = Field(description="Who says it.")
    content: str = Field(default="", description="What is said.")
    tool_calls: tuple[ModelToolCall, ...] = Field(default=(), description="What an assistant wanted called.")
    tool_call_id: str = Field(default="", description="The call that a tool's message answers.")


class OfferedTool(Frozen):
    """A tool that a model may want called."""

    name: str = Field(description="Its name.")
    description: str = Field(default="", description="What it does, for the model.")
    parameters: dict[str, JsonValue] = Field(
        default_factory=dict[str, JsonValue], description="JSON schema of its arguments."
    )


class AnswerOptions(Frozen):
    """How an answer is to be made beyond length and temperature; null and empty leave it to the server."""

    stop: tuple[str, ...] = Field(default=(), description="The answer ends before the first of these.")
    top_p: float | None = Field(default=None, ge=0, le=1, description="Share of likely tokens to choose from.")
    seed: int | None = Field(default=None, description="Makes the choice repeatable where the server can.")
    frequency_penalty: float | None = Field(default=None, ge=-2, le=2, description="Against frequent words.")
    presence_penalty: float | None = Field(default=None, ge=-2, le=2, description="Against words said before.")
    top_logprobs: int | None = Field(
        default=None, ge=0, le=20, description="How many alternatives to tell with each token; null tells no logprobs."
    )
    tools: tuple[OfferedTool, ...] = Field(default=(), description="Tools the model may want called.")
    tool_choice: str = Field(
        default="auto", description="auto, none, required, or `tool:NAME` for the one that must be called."
    )
    parallel_tool_calls: bool | None = Field(default=None, description="Whether it may want several at once.")


class ModelResponse(Reply):
    """The model's whole answer."""

    wire_name = "model_result"

    text: str = Field(description="The answer.")
    model: str = Field(description="The model that gave it.")
    endpoint: str = Field(description="Which link of the provider chain answered: settings, ollama or embedded.")
    prompt_tokens: int = Field(description="Tokens of the prompt, as the endpoint counted them.")
    completion_tokens: int = Field(description="Tokens of the answer, as the endpoint counted them.")
    finish_reason: str = Field(
        description="stop, length, content_filter, tool_calls, declined, or what the endpoint said."
    )
    tool_calls: tuple[ModelToolCall, ...] = Field(default=(), description="What it wants called, instead of an answer.")
    logprobs: JsonValue = Field(default=None, description="What the endpoint told of its tokens, where asked to.")
    left_out: tuple[str, ...] = Field(
        default=(), description="Parameters of the request that the endpoint refuses, and was not sent: temperature."
    )
    capability: Capability = Field(
        default=Capability.BASIC, description="What the model that answered may be trusted with."
    )
    degraded: bool = Field(default=False, description="Whether a better link of the chain could not be used.")
    degraded_reason: str = Field(default="", description="Why, when degraded.")


class ModelRequest(Command[ModelResponse]):
    """Asks one model worker, named by `to`, for an answer."""

    request_id: str = Field(default_factory=new_message_id, description="Names it to who withdraws it.")
    messages: list[ChatMessage] = Field(
        min_length=1, description="The chat so far, without the worker's own system prompt."
    )
    use_system_prompt: bool = Field(default=True, description="Whether the worker puts its own system prompt first.")
    priority: Priority = Field(default=Priority.LATENCY, description="Sets the default answer budget.")
    max_tokens: int | None = Field(
        default=None, ge=1, description="Answer budget in tokens; null takes the priority's, cut to the worker's."
    )
    temperature: float | None = Field(default=None, ge=0, le=2, description="Null takes the worker's setting.")
    stream: bool = Field(default=True, description="Whether to send deltas while working.")
    response_schema: dict[str, JsonValue] | None = Field(
        default=None, description="JSON schema of the answer, for servers that can hold a model to one."
    )
    least: Capability = Field(
        default=Capability.BASIC,
        description="What a model must be trusted with to answer; where none is, the answer is empty and its "
        "finish_reason is declined.",
    )
    options: AnswerOptions = Field(default=AnswerOptions(), description="How the answer is to be made.")
    first_attempt: int = Field(
        default=1, ge=1, description="The number of its first attempt; higher where the answer is asked for again."
    )


class CancelModelRequest(Command[Done]):
    """Stops a model request; the worker drops it from its queue or ends the generation."""

    request_id: str = Field(description="The `request_id` of the `ModelRequest`.")


class ModelDelta(Volatile):
    """A piece of an answer, or a line about why it takes long."""

    offset: int = Field(description="Characters of this attempt's answer before this piece.")
    text: str = Field(default="", description="The piece.")
    attempt: int = Field(
        default=1, description="Which attempt at the answer it belongs to; a higher one voids the pieces of lower ones."
    )
    progress: str = Field(default="", description="What is being waited for, for people; empty on pieces of text.")

    def key(self, envelope: Envelope) -> str:
        return envelope.correlation


class ModelLoad(Volatile):
    """How busy a model worker is; sent whenever that changes."""

    active: int = Field(description="Requests being answered.")
    waiting: int = Field(description="Requests in its queue.")


class EndpointStatus(Frozen):
    """One link of a worker's provider chain."""

    kind: str = Field(description="settings, ollama or embedded.")
    url: str = Field(description="Where it is; empty for the embedded model.")
    model: str = Field(description="The model it would use; empty while unknown.")
    breaker: str = Field(description="closed, open or half_open.")
    capability: str = Field(description="What the model may be trusted with: basic, structured or capable.")
    known_by: str = Field(
        default="assumed",
        description="How that is known: setting, measured (by an exam here), shipped (by one at Senter's makers), "
        "family (by its name) or assumed.",
    )
    native_tools: bool | None = Field(
        default=None, description="Whether it calls tools as the API has it; null unknown."
    )
    json_schema: bool | None = Field(default=None, description="Whether it holds to a JSON schema; null unknown.")
    streaming: bool | None = Field(default=None, description="Whether answers come as they are written; null unknown.")
    context_tokens: int | None = Field(
        default=None, description="The longest prompt, in tokens, that is read whole; null unknown."
    )
    examined_at: AwareDatetime | None = Field(default=None, description="When it was examined here last; null never.")
    exam_running: bool = Field(default=False, description="Whether its model is being examined now.")
    exam: str = Field(default="", description="How far its exam is, or why it gave no level; for people.")
    last_error: str = Field(default="", description="The last failure, for people.")


class EmbeddedModelStatus(Frozen):
    """What a worker chose for its embedded model, and how fast that is."""

    model: str = Field(description="The model it has, or would have, loaded.")
    loaded: bool = Field(description="Whether it is in memory; a question loads it.")
    measured: bool = Field(description="Whether the speeds were measured here, or are assumed from the file's size.")
    read_tokens_per_second: float = Field(description="How fast it reads a prompt.")
    write_tokens_per_second: float = Field(description="How fast it writes an answer.")
    reading_threads: int = Field(description="Threads that read.")
    writing_threads: int = Field(description="Threads that write.")
    batch_tokens: int = Field(description="Tokens read at once, in a step that cannot be interrupted.")
    spares_memory: bool = Field(description="Whether it takes less memory and writes a little slower.")
    memory_mib: int = Field(description="What the worker has in memory, pages shared with others included.")


class ModelWorkerStatus(Frozen):
    """One model worker: its endpoints and figures."""

    model_config = ConfigDict(ser_json_inf_nan="null")

    worker: str = Field(description="The component's name.")
    model: str = Field(description="The model in use; empty while no model is.")
    model_loaded: bool = Field(description="Whether the model in use can answer at once.")
    endpoints: list[EndpointStatus] = Field(description="The provider chain, best first.")
    planner: str = Field(
        default=RULES, description="The model that goals would be planned by; `rules` where none is capable."
    )
    requests: int = Field(description="Requests answered or failed since the worker started.")
    errors: int = Field(description="Of these, failed.")
    prompt_tokens: int = Field(description="Tokens read.")
    completion_tokens: int = Field(description="Tokens written.")
    latency_p50_seconds: float | None = Field(description="Median of the last 200 answers, in seconds.")
    latency_p95_seconds: float | None = Field(description="95th percentile of the last 200 answers, in seconds.")
    active: int = Field(description="Requests being answered now.")
    waiting: int = Field(description="Requests in the queue now.")
    embedded: EmbeddedModelStatus | None = Field(
        default=None, description="The embedded model; null where the worker has none."
    )
    lesser: str = Field(description="Why a lesser model answers, where a better one is to come; else empty.")


class ExamWanted(Frozen):
    """Which model a person wants examined."""

    model: str = Field(min_length=1, max_length=500, description="Its name, as the model workers tell it.")


class ExamBegun(Frozen):
    """Which worker examines it, through which link of its chain."""

    worker: str = Field(description="The component's name.")
    kind: str = Field(description="settings, ollama or embedded.")


class ExamineModel(Command[Done]):
    """Has a model worker, named by `to`, examine a model of its chain; `GetModelStatus` says how far it is."""

    kind: str = Field(description="Which link of its chain: settings, ollama or embedded.")


class EndExam(Command[Done]):
    """Ends the exam that a model worker, named by `to`, holds; it gives no result."""


class ModelExamined(Volatile):
    """A worker has ended an exam; what it showed is on file for all of them."""


class ModelStatus(ModelWorkerStatus, Reply):
    """A worker's endpoints and statistics."""


class Models(Frozen):
    """The model workers."""

    models: tuple[ModelWorkerStatus, ...] = Field(description="The workers that answered.")
    missing: dict[str, str] = Field(description="Workers that did not answer, and why.")


class GetModelStatus(Command[ModelStatus]):
    """Asks one model worker, named by `to`, about its endpoints and statistics."""
