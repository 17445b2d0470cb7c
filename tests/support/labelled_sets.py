"""The sentences, questions, exchanges and conversations by which understanding is measured, with what is right.

They lie in `tests/sets`, those of another language in a folder of it, and are frozen: whoever writes rules or training
sentences has not read them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, AwareDatetime, BaseModel, ConfigDict, Field

from senter.messages.acts import ActKind, Subject, Thing
from senter.sentences import ENGLISH
from senter.understanding.known import Known
from tests.support.said_times import Times

SETS = Path(__file__).parents[1] / "sets"
SAYS_NOTHING_TO_DO = frozenset({ActKind.QUESTION, ActKind.TALK})

RowT = TypeVar("RowT", bound="LabelledRow")
Alternatives = str | None | tuple[str | None, ...]


class LabelledRow(BaseModel):
    """One line of a set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str


class TimesLabel(BaseModel):
    """When something is. A list names times of which each is right; `end` goes with `due`, one by one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    due: Alternatives = None
    end: Alternatives = None
    recurrence: str | None = None
    all_day: bool = False

    @property
    def alternatives(self) -> tuple[Times, ...]:
        dues = self.due if isinstance(self.due, tuple) else (self.due,)
        ends = self.end if isinstance(self.end, tuple) else (self.end,) * len(dues)
        return tuple(Times(due, end, self.recurrence, self.all_day) for due, end in zip(dues, ends, strict=True))


class ActLabel(TimesLabel):
    """One act of a sentence. Where several kinds are named, each is right."""

    kind: ActKind | tuple[ActKind, ...]

    @property
    def kinds(self) -> tuple[ActKind, ...]:
        return self.kind if isinstance(self.kind, tuple) else (self.kind,)

    @property
    def counts(self) -> bool:
        """Whether it is something to do: it must be found."""
        return not SAYS_NOTHING_TO_DO.intersection(self.kinds)


class LabelledText(LabelledRow):
    """A text said at a moment in a zone."""

    text: str
    now: str
    """As RFC 9557 writes it: `2026-11-30T10:15:00+00:00[Europe/London]`."""

    @cached_property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.now.partition("[")[0])

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.now.partition("[")[2].removesuffix("]"))


class LabelledSentence(LabelledText):
    """A sentence and its acts."""

    acts: tuple[ActLabel, ...]
    one_reading: bool
    """Whether it can be done as it stands; else asking back is right."""
    trap: str = ""
    """Why it looks like more than it is."""
    things: tuple[Thing, ...] = ()
    """What exists when it is said."""
    latest: tuple[Thing, ...] = ()
    """What the conversation spoke of."""

    @property
    def known(self) -> Known:
        return Known(things=self.things, latest=self.latest)


class LabelledMoment(LabelledText, TimesLabel):
    """A sentence around words of time."""

    outcome: Literal["moment", "none", "refused"]
    """Whether they come to a time, name none, or cannot be and are asked about."""


class LabelledQuestion(LabelledRow):
    """A question, whose affairs it is about, and the number it shares with the question it is a pair with."""

    pair: int
    text: str
    subject: Subject


class LabelledExchange(LabelledRow):
    """What a person says, and what a model answers that has done nothing."""

    says: str
    answer: str
    pieces: int | Literal["whole", "words"]
    """How the answer arrives: in pieces of so many characters, of words, or at once."""
    style: str
    false: tuple[str, ...]
    """What claims an action; none of it may reach the person. Where there is none, the answer passes unchanged."""
    keep: tuple[str, ...]
    """Sentences beside it that are no claims."""


class RightOutcome(BaseModel):
    """What must become of a sentence; one of `receipt`, `answer`, `text` and `events_of` is given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    receipt: tuple[Literal["reminder", "job", "event", "goal"], ...] = ()
    """Kinds of which one is made, at the time that follows."""
    due: str = ""
    """A day as `RelativeDay` reads it, and a clock time."""
    end: str = ""
    recurrence: str | None = None
    all_day: bool = False
    answer: tuple[tuple[str, ...], ...] = ()
    """Of each group one must stand in the answer."""
    without: tuple[str, ...] = ()
    """None of these may."""
    text: tuple[tuple[str, ...], ...] = ()
    """As `answer`, of a text that is written, wherever it is put."""
    events_of: str = ""
    """The day whose entries must be shown."""


class EverydaySentence(LabelledRow):
    """One of fifteen sentences said to a Senter that has the things of `own_things`."""

    number_of_set: int = Field(validation_alias=AliasChoices("set", "number_of_set"))
    kind: str
    text: str
    outcome: RightOutcome


class ExpectedThing(TimesLabel):
    """Something that exists after a turn."""

    kind: Literal["reminder", "event", "job", "goal", "note"]
    title: str
    """Words that its title holds."""
    paused: bool = False


class ScriptedTurn(BaseModel):
    """What is said when, and all that exists afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: AwareDatetime
    says: str
    state: tuple[ExpectedThing, ...]
    asks: Literal["no", "may", "must"] = "no"
    answer: tuple[str, ...] = ()
    """One of these stands in the answer."""


class ScriptedConversation(BaseModel):
    """A conversation from beginning to end."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    zone: str
    turns: tuple[ScriptedTurn, ...]


def sentences(language: str = ENGLISH) -> tuple[LabelledSentence, ...]:
    return tuple(_rows("acts", LabelledSentence, language))


def sentences_of_time(language: str = ENGLISH) -> tuple[LabelledMoment, ...]:
    return tuple(_rows("moments", LabelledMoment, language))


def questions() -> tuple[LabelledQuestion, ...]:
    return tuple(_rows("mine", LabelledQuestion))


def exchanges() -> tuple[LabelledExchange, ...]:
    return tuple(_rows("claims", LabelledExchange))


def everyday_sentences() -> tuple[EverydaySentence, ...]:
    return tuple(_rows("fifteen", EverydaySentence))


def conversations() -> tuple[ScriptedConversation, ...]:
    return tuple(
        ScriptedConversation.model_validate({"name": file.stem, **tomllib.loads(file.read_text(encoding="utf-8"))})
        for file in sorted((SETS / "conversations").glob("*.toml"))
    )


def _rows(name: str, row: type[RowT], language: str = ENGLISH) -> Iterator[RowT]:
    folder = SETS if language == ENGLISH else SETS / language
    for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        yield row.model_validate_json(line)
