"""What a person means by a sentence: acts, each with what it is about and when; and the one question back."""

from __future__ import annotations

from enum import StrEnum

from pydantic import AwareDatetime, Field

from senter.messages.message import Frozen


class ActKind(StrEnum):
    """What is wanted of Senter."""

    QUESTION = "question"
    GOAL = "goal"
    WORK = "work"
    REMINDER = "reminder"
    EVENT = "event"
    SCHEDULE = "schedule"
    NOTE = "note"
    COMPLETION = "completion"
    CHANGE = "change"
    UNDO = "undo"
    TALK = "talk"


class Subject(StrEnum):
    """Whose affairs a question is about: only what the user owns answers the second kind."""

    WORLD = "world"
    MINE = "mine"
    SENTER = "senter"


class ThingKind(StrEnum):
    """What can exist because somebody asked for it, and can be changed, ended or taken back."""

    REMINDER = "reminder"
    JOB = "job"
    EVENT = "event"
    GOAL = "goal"
    NOTE = "note"
    FILE = "file"


class ChangeKind(StrEnum):
    """What is to become of something that exists."""

    MOVE = "move"
    CANCEL = "cancel"
    RENAME = "rename"
    PAUSE = "pause"
    RESUME = "resume"
    REOPEN = "reopen"
    SNOOZE = "snooze"
    SKIP = "skip"


class Missing(StrEnum):
    """What a sentence left open."""

    WHAT = "what"
    WHEN = "when"
    WHICH = "which"
    KIND = "kind"
    CONSENT = "consent"
    LANGUAGE = "language"


class Thing(Frozen):
    """Something that exists, as a sentence may speak of it."""

    kind: ThingKind = Field(description="What it is.")
    id: str = Field(description="Its number or id among those of its kind.")
    title: str = Field(description="What people call it.")
    at: AwareDatetime | None = Field(default=None, description="When it is due or begins, UTC; null where it has none.")
    repeats: bool = Field(default=False, description="Whether it comes again.")
    runs: bool = Field(default=False, description="Whether it goes on by itself now: a timer, or work on a goal.")
    later: tuple[AwareDatetime, ...] = Field(
        default=(), description="Of what comes again: its next times after that, UTC, as far as they are known."
    )
    shares_id: bool = Field(
        default=False, description="Whether others have the same id, so that it is known by its beginning, too."
    )
    waits_since: AwareDatetime | None = Field(
        default=None, description="Of a reminder that was told and is not done: when it was told, UTC."
    )


class Act(Frozen):
    """One thing that a sentence does. Times are local: `2026-12-14`, or `2026-12-14T10:30`."""

    kind: ActKind = Field(description="What is wanted.")
    gist: str = Field(default="", description="What it is about, without the words that ask and those of time.")
    span: tuple[int, int] = Field(description="Where the text says so: first character, and the one after the last.")
    confidence: float = Field(ge=0, le=1, description="How sure the reading is.")
    due: str | None = Field(
        default=None, description="When: a day, or a day and a clock time; null where none is said."
    )
    end: str | None = Field(default=None, description="Until when, where a range is said.")
    recurrence: str | None = Field(default=None, description="Five fields of cron, or an RRULE; null for once.")
    all_day: bool = Field(default=False, description="Whether a whole day is meant.")
    zone: str = Field(default="", description="The time zone that its times are in; empty for the user's.")
    place: str = Field(default="", description="Where.")
    calendar: str = Field(default="", description="For an event: the calendar it goes into; empty for the usual one.")
    subject: Subject | None = Field(default=None, description="For a question: whose affairs it is about.")
    subject_is_open: bool = Field(
        default=False,
        description="For a question: whether its words leave that open; then what the user owns decides.",
    )
    change: ChangeKind | None = Field(default=None, description="For a change: what is to become of the things.")
    things: tuple[Thing, ...] = Field(default=(), description="What exists already that it speaks of.")
    one_alone: bool = Field(
        default=False, description="Whether of a thing that comes again the one at its time is meant, and not all."
    )
    unread: tuple[str, ...] = Field(default=(), description="Words of time that found no use; they are asked about.")


class Alternative(Frozen):
    """One answer to a question back."""

    label: str = Field(description="What is shown.")
    says: str = Field(description="The whole sentence it stands for.")


class Clarification(Frozen):
    """The one question back: what it lacks, and choices that lead to the right thing."""

    lacks: Missing = Field(description="What was left open.")
    question: str = Field(description="The question, for people.")
    alternatives: tuple[Alternative, ...] = Field(default=(), description="What may be meant, the likeliest first.")
    acts: tuple[Act, ...] = Field(default=(), description="What was understood so far, and waits for the answer.")


class Receipt(Frozen):
    """What came of an act: the proof that something was done."""

    kind: ThingKind = Field(description="What it is.")
    id: str = Field(description="Its number or id among those of its kind.")
    title: str = Field(description="What people call it.")
    done: str = Field(description="What was done, for people, with the moment in full.")
    note: str = Field(default="", description="What is to be known beside it, for people; empty where nothing is.")
    goal_id: int | None = Field(default=None, description="The goal that did it, for senter why; null where none did.")
    undoable: bool = Field(default=False, description="Whether undo takes it back.")
