"""Makes text fit for a file or a message that a person opens: nothing in it is fetched, opened or run by itself.

What others wrote, and what a model wrote, may hold pictures, links and tags that the program a person reads with
follows: an address then carries away what the task knew. Programs read Markdown in different ways, so none is parsed
here. Wherever two characters together begin a picture, a link, a definition, a tag or an entity they are parted by a
space, in code as well; and an address is written as one writes an address that nobody should follow:
`https[:]//example[.]org`. Addresses that are known stay. Linear in the length; doing it again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from senter.component.tool_talk.outside_text import seen

# Programs differ in what ends an address: beyond these all of them end it, and nothing shorter is ever looked up.
_WORD = re.compile(r"[^ \t\n<]+")
_BEGINS = re.compile(
    r"https?:/|:\\*/\\*/|/\\*/(?=[^/\s])"
    r"|(?<![^\W_])(?<![./@-])www\."
    r"|(?<![\w./@-])[\w-]+(?:\.[\w-]+)*\.(?:xn--[\w-]+|[^\W\d_]{2,})(?:/|[?#]\w|:\d)",
    re.IGNORECASE,
)
"""Where an address begins in a word: with a scheme, with two slashes, or with a name that a path follows."""
# Joiners mean something between letters of other scripts only.
_LETTER = r"[^\x00-\x7f\u200c\u200d]"
_JOINERS = re.compile(rf"(?<!{_LETTER})[\u200c\u200d]|[\u200c\u200d](?!{_LETTER})")
_COLON = re.compile(r":(?=\\*/)")
_DOT = re.compile(r"\.(?=\w)")
_PAIRS = re.compile(r"(?<=!)(?=\[)|(?<=\])(?=[(:])|(?<=\[)(?=\[)|(?<=<)(?=[A-Za-z/!?])|(?<=&)(?=#?\w{1,31};)")
"""Between the characters that together begin a picture, a link, a definition, a wiki link, a tag, an entity."""
_NUMBER = r"[\d.,]+ ?%? ?(?:[,;\t|\"\r\n]|\Z)"
_CELL = re.compile(rf"(?:^|(?<=[,;\t|\"]))( *)(?=[=@]|[+-](?!{_NUMBER}))", re.MULTILINE)
"""Where a cell of a table begins that a spreadsheet would reckon out; a number with a sign is none."""
_CLOSING = ".,;:!?)]}>'\"*_`~|"
MOST_CLOSING = 6


def defused(text: str, known: Collection[str] = ()) -> str:
    """The text, harmless; the addresses in `known` stay as they are."""
    without = _WORD.sub(lambda word: _unfollowed(word[0], known), _JOINERS.sub("", seen(text)))
    return _PAIRS.sub(" ", without)


def without_formulas(table: str) -> str:
    """A table as text, no cell of which is a formula: one may fetch an address made of other cells."""
    return _CELL.sub(r"\1'", table)


def addresses_in(text: str) -> frozenset[str]:
    """The web addresses in a person's own words."""
    words = ((word[0], _BEGINS.search(word[0])) for word in _WORD.finditer(text) if "://" in word[0])
    return frozenset(reading for word, begun in words if begun for reading in _readings(word[begun.start() :]))


def _unfollowed(word: str, known: Collection[str]) -> str:
    """The word with the address in it spelled so that no program takes it for one."""
    begun = _BEGINS.search(word) if "/" in word or "." in word else None
    if begun is None or any(reading in known for reading in _readings(word[begun.start() :])):
        return word
    before, address = word[: begun.start()], word[begun.start() :]
    return before + _DOT.sub("[.]", _COLON.sub("[:]", address))


def _readings(address: str) -> Iterator[str]:
    """The address, and without the marks that may close the sentence around it."""
    yield address
    for _ in range(MOST_CLOSING):
        if address[-1:] not in _CLOSING or not address:
            return
        address = address[:-1]
        yield address
