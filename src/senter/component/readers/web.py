"""Web pages, and what else is written in HTML."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from senter.component.charsets import decode, told
from senter.text import one_line

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from senter.component.readers.lines import Lines

# Not for reading: code, styles, and what is only shown without scripts or in front of the page.
LEFT_OUT = "script, style, noscript, template, svg, iframe, nav, form, head, [hidden], [aria-hidden=true]"
BLOCKS = "p, div, br, li, tr, h1, h2, h3, h4, h5, h6, pre, section, article, blockquote, table, dt, dd, hr, td, th"
HEADINGS = "h1, h2, h3, h4, h5, h6"
DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,30})|<\?xml[^>]{0,100}?encoding=["']([\w-]{2,30})""", re.I
)
LOOKED_AT_BYTES = 2_048


def read(content: bytes, lines: Lines) -> None:
    page = _parse(html_of(content))
    lines.name(_title(page))
    lines.add("\n".join(_blocks(page)))


def chapter(html: str, lines: Lines) -> None:
    """A page of a book: its headings are those of the text."""
    for line in _blocks(_parse(html), mark_headings=True):
        lines.heading(line[2:]) if line.startswith("# ") else lines.paragraph(line)


def text_of(html: str) -> str:
    return "\n".join(_blocks(_parse(html)))


def html_of(content: bytes) -> str:
    """UTF-8 where it is, whatever the page says; else in the encoding that it declares, where that is one and true."""
    if (text := told(content)) is not None:
        return text
    for declared in DECLARED.findall(content[:LOOKED_AT_BYTES]):
        name = (declared[0] or declared[1]).decode()
        if (text := _strictly(content, name)) is not None:
            return text
    return decode(content)


def _strictly(content: bytes, name: str) -> str | None:
    # Pages that say Latin-1 mean the encoding of Windows (the standard of HTML says so, too).
    name = {"iso-8859-1": "cp1252", "latin-1": "cp1252"}.get(name.lower(), name)
    try:
        return content.decode(codecs.lookup(name).name)
    except (LookupError, ValueError):
        return None


def _parse(html: str) -> LexborHTMLParser:
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(html)


def _title(page: LexborHTMLParser) -> str:
    found = page.css_first("title") or page.css_first("h1")
    return one_line(found.text()) if found else ""


def _blocks(page: LexborHTMLParser, *, mark_headings: bool = False) -> list[str]:
    """What a person reads on the page, one block a line."""
    for node in page.css(LEFT_OUT):
        node.decompose()
    for node in page.css(BLOCKS):
        node.insert_before("\n")
        node.insert_after("\n")
    for node in page.css(HEADINGS) if mark_headings else ():
        node.insert_before("# ")
    text = page.body.text() if page.body else ""
    return [line for line in map(one_line, text.splitlines()) if line]
