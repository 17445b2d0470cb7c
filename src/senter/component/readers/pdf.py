"""PDF: page after page, as far as the limit, with the words that a line breaks in two put together again."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from typing import TYPE_CHECKING

from senter.component.kinds import SCAN
from senter.component.readers.archive import IS_ENCRYPTED
from senter.errors import Unreadable
from senter.text import one_line

if TYPE_CHECKING:
    from senter.component.readers.lines import Lines

BROKEN_WORD = re.compile(
    r"(?<![^\W\d_])([^\W\d_]{2,40})[-\u2010\u00ad][ \t]*\n[ \t]*([^\W\d_A-Z]{2,40})([^\w\s]{0,3})[ \t]*\n?"
)
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def read(content: bytes, lines: Lines) -> None:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable(IS_ENCRYPTED)
    title = reader.metadata.title if reader.metadata else None
    lines.name(one_line(title or ""))
    is_long, has_text = len(reader.pages) > 1, False
    for place, page in enumerate(reader.pages, 1):
        if text := join_words(page.extract_text()).strip():
            has_text = True
            if is_long:
                lines.heading(f"Page {place}")
            lines.add(text)
    if not has_text:
        raise Unreadable(SCAN)


def join_words(text: str) -> str:
    """`termi-`, `nation` become `termination`; `well-`, `known` stay two where the text has them as two elsewhere."""
    if not BROKEN_WORD.search(text):
        return text
    words = Counter(word.lower() for word in WORD.findall(BROKEN_WORD.sub(" ", text)))

    def joined(found: re.Match[str]) -> str:
        first, second, marks = found.groups()
        whole, hyphened = f"{first}{second}", f"{first}-{second}"
        is_two = words[hyphened.lower()] or (words[first.lower()] and words[second.lower()])
        return f"{hyphened if is_two and not words[whole.lower()] else whole}{marks}\n"

    return BROKEN_WORD.sub(joined, text)
