"""Two interpreters behind one contract: rules with a classifier, and a model that is asked where they are unsure.

A model is asked for kinds and words only, as JSON held to a schema. What it names must stand in the text; moments are
computed from the words as always. Where both differ, one of them doing nothing is the safer reading; else it is asked.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Protocol
from zoneinfo import ZoneInfo

from pydantic import BaseModel, JsonValue, ValidationError

from senter.messages.acts import Act, ActKind, Missing
from senter.messages.understanding import Understanding
from senter.sentences import speaking
from senter.understanding.kinds import NOTHING_DONE
from senter.understanding.known import NOTHING, Known
from senter.understanding.languages import words_of
from senter.understanding.lexicon import lexicon
from senter.understanding.questions import kind_question
from senter.understanding.reading import as_read, understand

SURE = 0.6
"""Less is unsure; then a model is asked, where there is one."""
LONGEST_ASKED = 1_000
"""Characters; of longer texts a small model makes little."""
EXAMPLES = 6

Read = Callable[[str, datetime, ZoneInfo, Known], Understanding]
"""By rules."""
Ask = Callable[[str, dict[str, JsonValue]], Awaitable[str]]
"""A prompt and the schema of its answer; gives JSON, or nothing where no model answers."""


class Interpreter(Protocol):
    """Says what a text means."""

    async def interpret(self, text: str, now: datetime, zone: ZoneInfo, known: Known = NOTHING) -> Understanding:
        """Does nothing, and always answers."""
        ...


class ByRules:
    """Rules and the classifier."""

    async def interpret(self, text: str, now: datetime, zone: ZoneInfo, known: Known = NOTHING) -> Understanding:
        return understand(text, now, zone, known)


class ByModel:
    """As `ByRules`, with a model beside them where they are unsure."""

    def __init__(self, ask: Ask, sure: float = SURE, read: Read = understand) -> None:
        self._ask, self._sure, self._read = ask, sure, read

    async def interpret(self, text: str, now: datetime, zone: ZoneInfo, known: Known = NOTHING) -> Understanding:
        """An answer of the model that does not hold to the schema or the text counts as none."""
        own = self._read(text, now, zone, known)
        is_torn = own.question is not None and own.question.lacks is Missing.KIND
        is_safe = not _doing(own) or is_sure(own, self._sure)  # to do nothing is the safer reading, whoever differs
        is_open = is_torn or (own.question is None and not is_safe)
        if not is_open or known.asked or len(text) > LONGEST_ASKED:
            return own
        said = _pieces(await self._ask(prompt_for(text), SCHEMA), text)
        return _agreed(own, as_read(said, text, now, zone, known)) if said else own


def is_sure(found: Understanding, sure: float = SURE) -> bool:
    """Whether no act of it is doubtful."""
    return all(act.confidence >= sure for act in found.acts)


class _Piece(BaseModel):
    kind: ActKind
    words: str


class _Pieces(BaseModel):
    acts: list[_Piece]


SCHEMA: dict[str, JsonValue] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["acts"],
    "properties": {
        "acts": {
            "type": "array",
            "minItems": 1,
            "maxItems": 10,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["kind", "words"],
                "properties": {
                    "kind": {"enum": [kind.value for kind in ActKind]},
                    "words": {"type": "string", "maxLength": LONGEST_ASKED},
                },
            },
        }
    },
}


def prompt_for(text: str) -> str:
    """What is asked of a model: the kinds, a few sentences like this one, and the text."""
    shown = "\n".join(f"{each['text']}\n{json.dumps({'acts': each['acts']})}" for each in _alike(text))
    return f"{lexicon().questions['model']}\n\n{shown}\n{text}\n"


def _alike(text: str) -> Sequence[dict[str, object]]:
    """The examples that share most of their words with it, the likest last."""
    said = frozenset(words_of(text))

    def likeness(example: dict[str, object]) -> float:
        words = frozenset(words_of(str(example["text"])))
        return len(said & words) / (len(said | words) or 1)

    return sorted(_examples(), key=likeness)[-EXAMPLES:]


@cache
def _examples() -> tuple[dict[str, object], ...]:
    lines = (files("senter.understanding") / "words" / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines)


def _pieces(answer: str, text: str) -> list[tuple[ActKind, tuple[int, int]]]:
    """Each kind with its place in the text; empty where the answer is no such thing."""
    try:
        said = _Pieces.model_validate_json(answer)
    except ValidationError:
        return []
    places = [(piece.kind, text.lower().find(piece.words.lower().strip())) for piece in said.acts]
    if not all(piece.words.strip() and begin >= 0 for piece, (_, begin) in zip(said.acts, places, strict=True)):
        return []
    ends = (begin + len(piece.words.strip()) for piece, (_, begin) in zip(said.acts, places, strict=True))
    return [(kind, (begin, end)) for (kind, begin), end in zip(places, ends, strict=True)]


def _agreed(own: Understanding, other: Understanding) -> Understanding:
    ours, theirs = _done(own), _done(other)
    if own.question:  # the rules are torn between two readings
        return other if theirs.keys() <= {act.kind for act in own.question.acts} else own
    if ours == theirs:
        acts = tuple(act.model_copy(update={"confidence": max(act.confidence, SURE)}) for act in own.acts)
        return own.model_copy(update={"acts": acts})
    if not theirs:
        return other
    with speaking(own.language):
        return own.model_copy(update={"question": kind_question(_doing(own, other))})


def _done(found: Understanding) -> Counter[ActKind]:
    return Counter(act.kind for act in _doing(found))


def _doing(*found: Understanding) -> list[Act]:
    return [act for each in found for act in each.acts if act.kind not in NOTHING_DONE]
