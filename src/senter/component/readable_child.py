"""The child that parses HTML and PDF. Run as a module by `Reader`; whatever bytes do to it stays here."""

from __future__ import annotations

import io
import logging

from senter.component.frames import Frame
from senter.component.isolated_child import run, serve
from senter.component.readable import FileKind, Readable, decode
from senter.text import one_line

LARGEST_TEXT_CHARACTERS = 20_000_000
# Not for reading: code, styles, and what is only shown without scripts or in front of the page.
LEFT_OUT = "script, style, noscript, template, svg, iframe, nav, form, head, [hidden], [aria-hidden=true]"
BLOCKS = "p, div, br, li, tr, h1, h2, h3, h4, h5, h6, pre, section, article, blockquote, table, dt, dd, hr, td, th"


def main() -> None:
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    serve(_answer)


def _answer(frame: Frame) -> Frame:
    try:
        readable = _readable(frame.body, FileKind(str(frame.head["kind"])))
    except MemoryError:
        raise
    except Exception as error:  # parsers of foreign bytes raise anything; the parent is told what
        return Frame({"error": f"{type(error).__name__}: {error}"[:300]})
    return Frame({"title": readable.title[:200]}, readable.text[:LARGEST_TEXT_CHARACTERS].encode(errors="replace"))


def _readable(content: bytes, kind: FileKind) -> Readable:
    return of_pdf(content) if kind is FileKind.PDF else of_html(decode(content))


def of_html(html: str) -> Readable:
    """What a person reads on the page, one block a line."""
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser(html)
    named = page.css_first("title") or page.css_first("h1")
    title = one_line(named.text()) if named else ""
    for node in page.css(LEFT_OUT):
        node.decompose()
    for node in page.css(BLOCKS):
        node.insert_before("\n")
        node.insert_after("\n")
    text = page.body.text() if page.body else ""
    lines = (one_line(line) for line in text.splitlines())
    return Readable(title, "\n".join(line for line in lines if line))


def of_pdf(content: bytes) -> Readable:
    """Page after page, as far as the limit."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("it is encrypted")
    pages: list[str] = []
    characters = 0
    for page in reader.pages:
        pages.append(page.extract_text())
        characters += len(pages[-1])
        if characters > LARGEST_TEXT_CHARACTERS:
            break
    title = reader.metadata.title if reader.metadata else None
    return Readable(one_line(title or ""), "\n\n".join(pages))


if __name__ == "__main__":
    run(main)
