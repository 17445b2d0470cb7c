"""Mail (eml, mbox): who to whom, when, about what; the text; what is attached, with the text of what can be read.

A mail in a mail is an attachment. A depth bounds how far attachments are opened, and the parser reads no mail that is
nested deeper than any program writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import PurePath
from typing import cast

from senter.component import charsets
from senter.component.kinds import FileKind, kind_of
from senter.component.readers import reading, web
from senter.component.readers.days import day_words
from senter.component.readers.lines import OTHER_KIND, Lines
from senter.errors import Unreadable
from senter.text import one_line

SHOWN = ("From", "To", "Cc")
DEEPEST = 4
MOST_ATTACHMENTS = 200
MOST_PARTS = 2_000
# In the text of a mail such a line is no beginning: no header follows it.
NEXT_MAIL = re.compile(rb"^From [^\r\n]*\r?\n(?=[!-9;-~]+:)", re.MULTILINE)
TOO_DEEP = "Mails are nested too deeply in it."
UNNAMED = "attachment"
# What is of use without a name, too: a mail, an invitation, a card.
BY_TYPE = {"message/rfc822": FileKind.EML, "text/calendar": FileKind.ICS, "text/vcard": FileKind.VCF}
SAID_TWICE = ("text/plain", "text/html")
"""Of a choice between forms of the same text, one is the body."""


def read(content: bytes, lines: Lines, depth: int = 0) -> None:
    """Blank lines before the first header are none of it. Raises `Unreadable` for what has no header at all."""
    mail = _parsed(content.lstrip())
    if content.strip() and not mail.keys():
        raise Unreadable(OTHER_KIND)
    _mail(mail, lines, depth)


def read_all(content: bytes, lines: Lines) -> None:
    """A mailbox: one mail after the other, each as a section."""
    content = content.lstrip()
    if not content.startswith(b"From "):
        raise Unreadable(OTHER_KIND)
    for mail in _mails(content):
        try:
            lines.add(reading.read(mail, FileKind.EML).text())
        except Unreadable as error:
            lines.add(f"(A mail is not read. {error.message})")
        lines.gap()


def _mails(content: bytes) -> Iterator[bytes]:
    """Cut where a line begins with `From ` after a blank one, as programs write them."""
    places = [found for found in NEXT_MAIL.finditer(content) if _is_after_blank(content, found.start())]
    ends = [place.start() for place in places[1:]] + [len(content)]
    for place, end in zip(places, ends, strict=True):
        yield content[place.end() : end].replace(b"\n>From ", b"\nFrom ")


def _is_after_blank(content: bytes, place: int) -> bool:
    return place == 0 or content[max(0, place - 4) : place].endswith((b"\n\n", b"\n\r\n"))


def _parsed(content: bytes) -> EmailMessage:
    try:
        return BytesParser(policy=policy.default).parsebytes(content)
    except RecursionError as error:
        raise Unreadable(TOO_DEEP) from error


def _mail(mail: EmailMessage, lines: Lines, depth: int) -> None:
    subject = one_line(_header(mail, "Subject"))
    lines.name(subject)
    lines.heading(subject or "(no subject)")
    for name in SHOWN:
        lines.paragraph(one_line(_header(mail, name)), prefix=f"{name}: ")
    lines.paragraph(_date(mail), prefix="Date: ")
    lines.gap()
    body = cast("EmailMessage | None", mail.get_body(preferencelist=("plain", "html")))
    lines.paragraph(_body_text(body) if body else "")
    attached = list(islice(_attachments(mail, body), MOST_ATTACHMENTS + 1))
    for part in filter(_is_more_text, attached):
        lines.paragraph(_body_text(part))
    attached = [part for part in attached if not _is_more_text(part)]
    lines.gap()
    lines.paragraph(", ".join(one_line(_name(part)) for part in attached), prefix="Attachments: ")
    for part in attached[:MOST_ATTACHMENTS]:
        _attachment(part, lines, depth + 1)
    if len(attached) > MOST_ATTACHMENTS:
        lines.add(f"(The first {MOST_ATTACHMENTS} attachments are read; the others are left out.)")


def _header(mail: EmailMessage, name: str) -> str:
    """Headers of foreign mail raise anything when they are asked for."""
    try:
        return str(mail.get(name, ""))
    except (ValueError, TypeError, AttributeError, IndexError, LookupError):
        return ""


def _date(mail: EmailMessage) -> str:
    text = _header(mail, "Date")
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return one_line(text)
    return f"{day_words(moment)}, {moment:%H:%M} ({moment:%Y-%m-%d})"


def _body_text(body: EmailMessage) -> str:
    text = _text(_bytes(body), body.get_content_charset())
    return web.text_of(text) if body.get_content_subtype() == "html" else text


def _text(content: bytes, charset: str | None) -> str:
    """In the encoding that it names, where it is one and true."""
    try:
        return content.decode(charset or "utf-8")
    except (LookupError, ValueError):
        pass
    try:
        return charsets.decode(content)
    except Unreadable:
        return ""


def _bytes(part: EmailMessage) -> bytes:
    payload: object = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _attachments(mail: EmailMessage, body: EmailMessage | None) -> Iterator[EmailMessage]:
    pending: list[EmailMessage] = [mail]
    for _ in range(MOST_PARTS):
        if not pending:
            return
        part = pending.pop()
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            inner = cast("list[EmailMessage]", part.get_payload())
            is_choice = part.get_content_subtype() == "alternative"
            pending += reversed([one for one in inner if not is_choice or one.get_content_type() not in SAID_TWICE])
        elif part is not body and (part.get_filename() or _is_more_text(part) or part.get_content_type() in BY_TYPE):
            yield part


def _is_more_text(part: EmailMessage) -> bool:
    """Text that goes on behind a picture, or a note that a list adds."""
    return part.get_content_type() == "text/plain" and not part.get_filename()


def _name(part: EmailMessage) -> str:
    if part.get_content_type() == "message/rfc822" and (inner := _inner(part)) is not None:
        return part.get_filename() or _header(inner, "Subject") or "a mail"
    return part.get_filename() or UNNAMED


def _inner(part: EmailMessage) -> EmailMessage | None:
    payload: object = part.get_payload()
    inside = cast("list[object]", payload) if isinstance(payload, list) else []
    return cast("EmailMessage", inside[0]) if inside and isinstance(inside[0], EmailMessage) else None


def _attachment(part: EmailMessage, lines: Lines, depth: int) -> None:
    name = _name(part)
    if depth > DEEPEST:
        lines.add(f"({one_line(name)} is not opened: it is nested too deeply.)")
        return
    if (inner := _inner(part)) is not None:
        _mail(inner, lines, depth)
        return
    kind = kind_of(PurePath(name)) or BY_TYPE.get(part.get_content_type())
    if kind is None or kind is FileKind.MBOX:
        return
    try:
        attached = reading.read(_bytes(part), kind, depth)
    except Unreadable as error:
        lines.add(f"({one_line(name)} is not read. {error.message})")
        return
    lines.heading(name)
    lines.add(attached.text())
    lines.gap()
