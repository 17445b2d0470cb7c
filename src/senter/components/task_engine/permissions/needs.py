"""What one call of a tool needs to be allowed, named exactly."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ReadPath:
    path: Path


@dataclass(frozen=True, slots=True)
class WritePath:
    path: Path


@dataclass(frozen=True, slots=True)
class ReachHost:
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class UseProvider:
    name: str


@dataclass(frozen=True, slots=True)
class RunCommand:
    argv: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UseMcpServer:
    name: str


@dataclass(frozen=True, slots=True)
class UseTool:
    """A tool of another package, whose code only its user vouches for."""

    name: str


Need = ReadPath | WritePath | ReachHost | UseProvider | RunCommand | UseMcpServer | UseTool
