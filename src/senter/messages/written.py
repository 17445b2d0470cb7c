"""What Senter wrote for its user: results of goals and notes, searched. Answered by the task engine, which has them."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from senter.messages.acts import ThingKind
from senter.messages.goals import TASK_ENGINE
from senter.messages.message import Command, Frozen, Reply

MOST_WORDS = 24


class WrittenText(Frozen):
    """One result or note."""

    kind: ThingKind = Field(description="goal for a result, note for a note.")
    id: str = Field(description="The goal's number; of a note the name of its file.")
    title: str = Field(description="What the goal asked for, or what the note is called.")
    path: str = Field(description="The file, absolute.")
    at: AwareDatetime = Field(description="When it was written, UTC.")
    text: str = Field(description="What it says, without what stands before its beginning; cut where it is long.")
    file_sources: tuple[str, ...] = Field(default=(), description="The numbers of its sources that are files.")


class WrittenReply(Reply):
    texts: tuple[WrittenText, ...] = Field(description="The best or the newest first.")


class ListNotes(Command[WrittenReply], to=TASK_ENGINE):
    """List notes, the newest first; of each text the beginning."""

    limit: int = Field(default=200, ge=1, le=500, description="How many at most.")


class SearchWritten(Command[WrittenReply], to=TASK_ENGINE):
    """Search the results of goals, and notes."""

    words: tuple[str, ...] = Field(max_length=MOST_WORDS, description="Beginnings of words to look for, any of them.")
    limit: int = Field(default=5, ge=1, le=20, description="How many at most.")
