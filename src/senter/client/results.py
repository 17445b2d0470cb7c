"""What the client returns: JSON objects as dictionaries with known keys."""

from __future__ import annotations

from typing import NamedTuple, NotRequired, TypedDict


class Answer(TypedDict):
    """The answer to a question; what `senter ask --json` prints."""

    id: str
    conversation_id: str
    response: str
    focus: str
    model: str
    latency_seconds: float
    degraded: bool
    degraded_reason: NotRequired[str]
    tokens: int


class Piece(NamedTuple):
    """A piece of an answer. Pieces may be missing; a higher attempt voids those of lower ones."""

    attempt: int
    offset: int
    text: str


class Progress(NamedTuple):
    """What is being waited for, for people."""

    text: str


class ConversationSummary(TypedDict):
    """One row of the list of conversations; times are ISO 8601, UTC."""

    id: str
    title: str
    focus: str
    turns: int
    created_at: str
    updated_at: str


class Turn(TypedDict):
    """One question and what became of it."""

    query_id: str
    asked_at: str
    text: str
    state: str
    response: str
    error: str
    model: str
    tokens: int
    latency_seconds: float | None
    degraded: bool


class Conversation(TypedDict):
    summary: ConversationSummary
    turns: list[Turn]
    truncated: bool


class Conversations(TypedDict):
    conversations: list[ConversationSummary]


class DeadLetter(TypedDict):
    """One event a component gave up on."""

    number: int
    consumer: str
    event: str
    event_id: str
    error: str
    attempts: int
    died_at: str
    payload: object


class DeadLetters(TypedDict):
    letters: list[DeadLetter]
    total: int


class Endpoint(TypedDict):
    """One link of a model worker's provider chain."""

    kind: str
    url: str
    model: str
    breaker: str
    capability: str
    last_error: str


class Model(TypedDict):
    """One model worker."""

    worker: str
    model: str
    model_loaded: bool
    endpoints: list[Endpoint]
    requests: int
    errors: int
    prompt_tokens: int
    completion_tokens: int
    latency_p50_seconds: float | None
    latency_p95_seconds: float | None
    active: int
    waiting: int


class Models(TypedDict):
    models: list[Model]
    missing: dict[str, str]
