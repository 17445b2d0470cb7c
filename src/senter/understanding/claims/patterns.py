"""Regular expressions that are compiled when they are first used: a start pays for none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator


class Pattern:
    """One regular expression; a mistake in it shows at its first use."""

    __slots__ = ("_compiled", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self._compiled: re.Pattern[str] | None = None

    def match(self, text: str) -> re.Match[str] | None:
        """At the beginning of the text."""
        return self._ready().match(text)

    def search(self, text: str) -> re.Match[str] | None:
        """Anywhere in it."""
        return self._ready().search(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All of them."""
        return self._ready().finditer(text)

    def split(self, text: str) -> list[str]:
        """What stands between the places where it is found."""
        return self._ready().split(text)

    def _ready(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = re.compile(self.source)
        return self._compiled
