"""The part of pyte that the tests use."""

from collections.abc import Mapping, Sequence

class Char:
    data: str

class Cursor:
    hidden: bool

class History:
    top: Sequence[Mapping[int, Char]]

class HistoryScreen:
    columns: int
    display: list[str]
    cursor: Cursor
    history: History
    def __init__(self, columns: int, lines: int, history: int = ..., ratio: float = ...) -> None: ...
    def resize(self, lines: int | None = ..., columns: int | None = ...) -> None: ...

class ByteStream:
    def __init__(self, screen: HistoryScreen) -> None: ...
    def feed(self, data: bytes) -> None: ...
