"""Source code as it stands; names such as parseInvoice are found by their words, too."""

from __future__ import annotations

import re

from senter.component.charsets import decode
from senter.component.readers.lines import Lines

JOINED_NAME = re.compile(r"\b[A-Za-z]{0,60}(?:[a-z][A-Z]|[A-Z]{2}[a-z])[A-Za-z]{0,60}\b")
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
MOST_WORDS = 2_000


def read(content: bytes, lines: Lines) -> None:
    text = decode(content)
    lines.add(text.rstrip("\n"))
    names = dict.fromkeys(JOINED_NAME.findall(text))
    words = dict.fromkeys(word.lower() for name in names for word in WORD.findall(name))
    if words:
        lines.heading("Words of its names")
        lines.add(" ".join(list(words)[:MOST_WORDS]))
