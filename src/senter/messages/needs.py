"""What a call needs beyond a grant, named exactly. Decisions compare these; `words` says them to people.

Nothing may be read back out of the words: they can be changed at any time.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, AwareDatetime, Field, TypeAdapter

from senter.messages.message import Frozen
from senter.sentences import told

USUAL_PORTS = (80, 443)
"""The ports of the web; who allows a host without naming a port means these."""

Owned = Literal["files", "schedules", "goals", "memory", "settings"]
"""What of the user's a call may change."""


def _sayable(path: Path) -> Path:
    """Half a character, from a name that is no text, is written out: as it is it cannot be stored or sent."""
    return Path(str(path).encode("utf-8", "backslashreplace").decode())


SayablePath = Annotated[Path, AfterValidator(_sayable)]


class _Need(Frozen):
    sentence: ClassVar[str] = ""
    """The plain sentence, with places for what the need, `0`, holds."""

    def said(self) -> str:
        """The plain sentence; show `words`."""
        return self.sentence.format(self)

    def __str__(self) -> str:
        return words(self)


class OfPath(_Need):
    """What is about a path."""

    path: SayablePath = Field(description="The file or folder, absolute.")
    leads_to: str | None = Field(
        default=None, description="Where the path led when a person was asked; null where to itself, or nobody looked."
    )

    @property
    def place(self) -> str:
        return str(self.path) if self.leads_to is None else f"{self.path}, which leads to {self.leads_to}"


class ReadPath(OfPath):
    """To read a file or a folder."""

    sentence = "read {0.place}"

    kind: Literal["read_path"] = Field(default="read_path", description="Which need this is.")


class CreatePath(OfPath):
    """To make a file or folder where nothing is, or new ones below a folder."""

    sentence = "create {0.place}"

    kind: Literal["create_path"] = Field(default="create_path", description="Which need this is.")


class SortPath(OfPath):
    """To move files of a folder into folders below it."""

    sentence = "sort the files of {0.place}"

    kind: Literal["sort_path"] = Field(default="sort_path", description="Which need this is.")


class WritePath(OfPath):
    """To replace, move away or trash what is there; making new things is part of it."""

    sentence = "write {0.place}"

    kind: Literal["write_path"] = Field(default="write_path", description="Which need this is.")


class ReachHost(_Need):
    """To reach a host on a port."""

    kind: Literal["reach_host"] = Field(default="reach_host", description="Which need this is.")
    host: str = Field(description="Its name or address.")
    port: int = Field(description="The port.")

    def said(self) -> str:
        return f"reach {self.host}" if self.port in USUAL_PORTS else f"reach {self.host} on port {self.port}"


class UseProvider(_Need):
    """To search with a provider."""

    sentence = "search with {0.name}"

    kind: Literal["use_provider"] = Field(default="use_provider", description="Which need this is.")
    name: str = Field(description="The provider.")


class RunCommand(_Need):
    """To run a program."""

    kind: Literal["run_command"] = Field(default="run_command", description="Which need this is.")
    argv: tuple[str, ...] = Field(description="The program and its arguments.")

    def said(self) -> str:
        return f"run {shlex.join(self.argv)}"


class UseMcpServer(_Need):
    """To call the tools of an MCP server."""

    sentence = "call tools of the MCP server {0.name}"

    kind: Literal["use_mcp_server"] = Field(default="use_mcp_server", description="Which need this is.")
    name: str = Field(description="The server.")


class UseTool(_Need):
    """To call a tool of another package, whose code only its user vouches for."""

    sentence = "call the tool {0.name} of another package"

    kind: Literal["use_tool"] = Field(default="use_tool", description="Which need this is.")
    name: str = Field(description="The tool.")


class ChangeOwn(_Need):
    """To change what is the user's own, after text from outside was read."""

    sentence = "change your {0.what}"

    kind: Literal["change_own"] = Field(default="change_own", description="Which need this is.")
    what: Owned = Field(description="What is changed.")


class ActAfterEnd(_Need):
    """To act although the grant has ended."""

    sentence = "act after its grant ended at {0.ended_at:%Y-%m-%d %H:%M} UTC"

    kind: Literal["act_after_end"] = Field(default="act_after_end", description="Which need this is.")
    ended_at: AwareDatetime = Field(description="When the grant ended, UTC.")


class EarlierWords(_Need):
    """What an earlier version, which kept sentences only, said of a need. It allows nothing."""

    sentence = "{0.text}"

    kind: Literal["earlier_words"] = Field(default="earlier_words", description="Which need this is.")
    text: str = Field(description="The sentence.")


Need = (
    ReadPath
    | CreatePath
    | SortPath
    | WritePath
    | ReachHost
    | UseProvider
    | RunCommand
    | UseMcpServer
    | UseTool
    | ChangeOwn
    | ActAfterEnd
    | EarlierWords
)
Needs = tuple[Annotated[Need, Field(discriminator="kind")], ...]
NEEDS: TypeAdapter[Needs] = TypeAdapter(Needs)


def words(need: _Need) -> str:
    """One need, for people. What a screen would not show as it is, is written out, so that nothing is disguised."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in told(need.said()))


def words_of(needs: Sequence[Need]) -> str:
    """Several, in one line."""
    return "; ".join(map(words, needs))
