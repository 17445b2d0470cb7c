"""The user's own documents: which folders are indexed, and searching them. Answered by the documents component."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from senter.messages.fields import AbsolutePath, FolderPath
from senter.messages.message import Command, ComponentName, Done, Event, Frozen, Reply

DOCUMENTS = ComponentName("documents")

FileEnding = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,10}$")]


class Folder(Frozen):
    """One folder the user named."""

    path: str = Field(description="Absolute, links resolved.")
    files: int = Field(description="Files indexed.")
    skipped: int = Field(description="Files that could not be read or are of no known kind.")
    bytes: int = Field(description="Bytes of the indexed files.")
    indexed_at: AwareDatetime | None = Field(default=None, description="When it was last gone through, UTC.")
    busy: bool = Field(default=False, description="Whether it is being gone through now.")
    problem: str = Field(
        default="", description="Why it cannot be gone through; what was indexed before is still found."
    )


class Skipped(Frozen):
    """One file of these folders that is not indexed."""

    path: str = Field(description="The file, absolute; bytes of its name that are not text are escaped.")
    reason: str = Field(description="Why.")


class FoldersReply(Reply):
    folders: tuple[Folder, ...] = Field(description="By path.")
    skipped: tuple[Skipped, ...] = Field(
        default=(), description="The first 100 files that are not indexed, those of kinds that are read before others."
    )
    pictures: int = Field(default=0, description="Images and scans among all that is skipped: no text is read in them.")


class ListFolders(Command[FoldersReply], to=DOCUMENTS):
    """List the indexed folders."""


class AddFolder(Command[FoldersReply], to=DOCUMENTS):
    """Index a folder from now on. Returns at once; indexing goes on in the background."""

    path: FolderPath = Field(description="An absolute path.")


class RemoveFolder(Command[Done], to=DOCUMENTS):
    """Forget a folder and everything indexed from it. The files stay."""

    path: FolderPath = Field(description="The folder, as it was added.")


class Passage(Frozen):
    """One place in one document."""

    path: str = Field(description="The file, absolute.")
    title: str = Field(description="Its title, or its name.")
    excerpt: str = Field(description="The words around what was found.")
    score: float = Field(description="Higher is better; only comparable within one search.")
    text: str = Field(default="", description="All of the passage as it stands, where that was asked for.")
    modified_at: AwareDatetime | None = Field(default=None, description="When the file was changed last, UTC.")
    place: str = Field(default="", description="The page or the slide that it begins on, where that is known.")


class PassagesReply(Reply):
    passages: tuple[Passage, ...] = Field(description="The best first.")
    searched: int = Field(description="How many documents there are.")


class SearchDocuments(Command[PassagesReply], to=DOCUMENTS):
    query: str = Field(description="Words, or a question.")
    limit: int = Field(default=5, ge=1, le=50, description="How many at most.")
    whole: bool = Field(
        default=False, description="Whether to give the text of each passage, and several passages of one document."
    )
    endings: tuple[FileEnding, ...] = Field(
        default=(),
        max_length=20,
        description="Only in files whose names end so, such as csv; in any where there are none.",
    )


class DocumentText(Reply):
    """What was read of a document when it was indexed."""

    path: str = Field(description="The file, absolute.")
    title: str = Field(description="Its title, or its name.")
    text: str = Field(description="Its text from there on, as much as a reply holds.")
    truncated: bool = Field(description="Whether there is more after it.")


class ReadDocument(Command[DocumentText], to=DOCUMENTS):
    """Read one indexed document, a long one in several pieces."""

    path: AbsolutePath = Field(description="The file, as a search found it.")
    offset: int = Field(default=0, ge=0, description="From which character on.")


class FoldersChanged(Event):
    """The folders the user named are others now; default grants follow them."""

    paths: tuple[str, ...] = Field(description="All of them, absolute.")
