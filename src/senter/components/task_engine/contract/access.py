"""The one way from a tool to files, hosts and programs. Whatever the tool does, only what the grant allows happens.

This is the contract; `GrantedAccess` (senter.components.task_engine.permissions.granted) keeps it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from senter.messages.goals import Grant


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """One entry of a folder."""

    name: str
    is_folder: bool
    size_bytes: int
    modified_at: float
    """Seconds since 1970, UTC."""
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended."""

    exit_code: int
    output: str
    truncated: bool


@dataclass(frozen=True, slots=True)
class Fetched:
    """The head of an HTTP answer, and its body in pieces."""

    url: str
    """After redirects."""
    status: int
    content_type: str
    body: AsyncIterator[bytes]
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """All of them, by name in small letters."""


class Access(Protocol):
    """Raises `PermissionNeeded`, naming what is outside the grant, before anything is touched."""

    @property
    def grant(self) -> Grant: ...

    @property
    def made(self) -> Sequence[Path]:
        """The files that were made through it where nothing was, links resolved."""
        ...

    def open_for_reading(self, path: Path) -> BinaryIO:
        """A regular file below any root; links that lead out, devices and pipes are refused."""
        ...

    def write(self, path: Path, content: bytes, *, replace: bool) -> None:
        """Write a whole file below a create or write root: all of it or nothing. Folders on the way are made. Only
        below a write root it can replace one that is there."""
        ...

    def rewrite(self, path: Path, content: bytes, *, was: bytes | None) -> None:
        """The same, and only where the file still holds what it `was`; None where there was no file.

        What another program wrote meanwhile so stays: that is a `ToolError`, and retryable.
        """
        ...

    def list(self, folder: Path) -> list[FolderEntry]: ...

    def make_folder(self, path: Path) -> None: ...

    def tied(self, folder: Path) -> frozenset[str]:
        """The names in a folder that links hang on: links, and what a link in it or below it leads to."""
        ...

    def move(self, source: Path, target: Path, *, for_now: bool = False) -> None:
        """From below a write root to below a create or write root, or below a sort root into a folder beside it. Never
        replaces anything, and refuses to move a link that would lead elsewhere then, unless it is `for_now`: it comes
        back to where it was."""
        ...

    def copy(self, source: Path, target: Path) -> None:
        """From any root to below a create or write root. Never replaces anything."""
        ...

    def exists(self, path: Path) -> bool: ...

    def fetch(self, url: str, *, limit_bytes: int, timeout_seconds: float) -> AbstractAsyncContextManager[Fetched]:
        """GET from a granted host; private, loopback and link-local addresses are refused after every look-up."""
        ...

    async def run(self, argv: Sequence[str], *, folder: Path, timeout_seconds: float, limit_bytes: int) -> Ran:
        """A program in a sandbox that sees the granted folders only and no network."""
        ...
