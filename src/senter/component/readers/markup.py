"""XML of foreign hands, read as a stream: the memory it takes does not grow with what it says.

The parser is expat of the standard library. Nothing outside is loaded, and a text that declares entities of its own
is refused, so that nothing expands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from xml.parsers import expat

from senter.errors import Unreadable

Attributes = Mapping[str, str]
Start = Callable[[Attributes], None]
End = Callable[[], None]
Starts = Mapping[str, Start]
Ends = Mapping[str, End]


class Markup:
    """Calls what is wanted for an element by its local name: whichever prefix a program writes is the same."""

    def __init__(self, starts: Starts, ends: Ends, text: Callable[[str], None] | None = None) -> None:
        self._starts = starts
        self._ends = ends
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = _refuse
        if text is not None:
            self._parser.CharacterDataHandler = text

    def read(self, pieces: Iterable[bytes]) -> None:
        """All of a part; nothing for one that is not there. Raises `Unreadable` for what is no XML."""
        empty = True
        try:
            for piece in pieces:
                empty = False
                self._parser.Parse(piece, False)
            if not empty:
                self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Unreadable("It is damaged: a part of it is no XML.") from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if wanted := self._starts.get(name) or self._starts.get(local(name)):
            wanted(attributes)

    def _end(self, name: str) -> None:
        if wanted := self._ends.get(name) or self._ends.get(local(name)):
            wanted()


class Collected:
    """The text of the elements of one name: begin, text, end; `take` gives what came since it was last taken."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._inside = False
        self._paused = 0

    def begin(self, _: Attributes) -> None:
        self._inside = True

    def text(self, piece: str) -> None:
        if self._inside and not self._paused:
            self._pieces.append(piece)

    def end(self) -> None:
        self._inside = False

    def put(self, piece: str) -> None:
        """As if it stood there."""
        if not self._paused:
            self._pieces.append(piece)

    def pause(self, _: Attributes) -> None:
        """Leave out what comes until `go_on`, as often as it was paused."""
        self._paused += 1

    def go_on(self) -> None:
        self._paused -= 1

    def take(self) -> str:
        text = "".join(self._pieces)
        self._pieces.clear()
        return text


@lru_cache(maxsize=1_024)
def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def named(attributes: Attributes, name: str) -> str:
    """An attribute by its local name; empty where it is not there."""
    return next((value for key, value in attributes.items() if local(key) == name), "")


def without_prefixes(attributes: Attributes) -> Attributes:
    """For whoever asks for many of them."""
    return {local(name): value for name, value in attributes.items()}


def number(text: str, otherwise: int = 0) -> int:
    """A count as an attribute gives it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _refuse(*_: object) -> None:
    raise Unreadable("It declares entities, as no document needs to.")
