"""What the last message of a program's chat says, as far as the chat itself shows it; nothing of a chat is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from senter.components.assistant.acted_turns import SAID_TWICE_WITHIN, same_sentence
from senter.components.assistant.saying import Kept, Saying
from senter.components.assistant.turn_outcome import TurnOutcome
from senter.components.assistant.words import words
from senter.messages.acts import Receipt, Thing
from senter.messages.model import RULES, ChatMessage, ModelRequest, ModelResponse

SHOWN_ID = 8
"""Characters of the id by which an answer names an entry of a calendar; numbers are shorter."""


def said_before(messages: Sequence[ChatMessage]) -> list[str]:
    """What the person said before the last message, the last first."""
    return [message.content for message in reversed(messages[:-1]) if message.role == "user"]


def is_said(request: ModelRequest) -> bool:
    """Whether a person said the last message: a program that offers tools or holds the answer to a schema asks for
    itself, and so does one that has a chat summed up."""
    last = request.messages[-1]
    for_itself = request.options.tools or request.response_schema is not None
    return last.role == "user" and not for_itself and not words().templates.search(last.content)


def asked_about(messages: Sequence[ChatMessage]) -> ChatMessage | None:
    """The person's message before the last one, where it was answered; that answer may have been a question back."""
    before = messages[-3:-1]
    return before[0] if [message.role for message in before] == ["user", "assistant"] else None


def spoken_of(messages: Sequence[ChatMessage], things: Iterable[Thing]) -> tuple[Thing, ...]:
    """Of what exists, what the assistant's earlier answers name by kind and number, the last first."""
    said = [message.content for message in messages[::-1] if message.role == "assistant"]
    known = {f"{thing.kind.capitalize()} {thing.id[:SHOWN_ID]}:": thing for thing in things}
    named = [thing for text in said for name, thing in known.items() if name in text]
    return tuple(dict.fromkeys(named))


def spoken_of_together(messages: Sequence[ChatMessage], things: Iterable[Thing]) -> int:
    """How many of these the last answer that names one names."""
    answers = ([message] for message in messages[::-1] if message.role == "assistant")
    known = tuple(things)
    return next(filter(None, (len(spoken_of(answer, known)) for answer in answers)), 0)


def with_context(request: ModelRequest, context: str) -> ModelRequest:
    """What is known of the user joins the program's own system message, or is one."""
    if not context:
        return request
    first, rest = request.messages[0], request.messages
    if first.role == "system":
        context, rest = f"{first.content}\n\n{context}", request.messages[1:]
    return request.model_copy(update={"messages": [ChatMessage(role="system", content=context), *rest]})


def as_response(made: TurnOutcome, written: Sequence[ModelResponse]) -> ModelResponse:
    """The answer in a model's form, whoever made it; `written` is all that a model wrote for it, the last one last."""
    if written and made.model != RULES:
        last = written[-1]
        changes: dict[str, object] = {
            "text": made.text,
            "tool_calls": (),
            "finish_reason": "stop" if last.tool_calls else last.finish_reason,
            "prompt_tokens": sum(each.prompt_tokens for each in written),
            "completion_tokens": sum(each.completion_tokens for each in written),
        }
        return last.model_copy(update=changes)
    return ModelResponse(
        text=made.text, model=RULES, endpoint=RULES, prompt_tokens=0, completion_tokens=0, finish_reason="stop"
    )


class ChatNotes:
    """Of one saying in a chat; see `Notes`. Known while the process lives."""

    def __init__(self, saying: Saying, acted: list[ChatNotes]) -> None:
        self._saying = saying
        self._acted = acted
        self._kept: Kept | None = None

    def kept(self) -> Kept | None:
        return self._kept

    def said_before(self) -> Kept | None:
        last = self._acted[-1] if self._acted else None
        recent = last is not None and self._saying.at - last._saying.at <= SAID_TWICE_WITHIN
        return last.kept() if last and recent and same_sentence(last._saying.text, self._saying.text) else None

    def keep(self, kept: Kept) -> None:
        self._kept = kept
        self._acted[:] = [self]  # only what was done last counts

    def note(self, receipts: Iterable[Receipt]) -> None:
        if self._kept:
            together = dict.fromkeys((*self._kept.receipts, *receipts))
            self._kept = replace(self._kept, receipts=tuple(together))
