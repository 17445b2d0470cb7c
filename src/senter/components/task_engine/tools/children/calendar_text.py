"""An event put into the text of a calendar file, and not one byte of the rest changed.

A calendar library that reads a file and writes it again leaves out what it does not understand, and that
would be the user's. So the event's lines go before the last line END:VCALENDAR, as the file's own lines
end, and a file in which that place is not certain is refused.
"""

from __future__ import annotations

from collections.abc import Iterator

PRODUCT = "-//Senter//Calendar//EN"
NEW_CALENDAR = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODUCT}\r\n".encode(), b"END:VCALENDAR\r\n"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
CALENDAR, EVENT = b"VCALENDAR", b"VEVENT"


def with_event(content: bytes, event: bytes) -> bytes:
    """The content with the event's lines in it; unchanged where an event of that UID is in it already.

    Without content, a new calendar. Raises `ValueError` with the reason where nothing may be added.
    """
    if not content.strip():
        return event.join(NEW_CALENDAR) + content
    if _uids(event) & _uids(content):
        return content
    place = place_for_more(content, event)
    line_end = b"\r\n" if content[:place].endswith(b"\r\n") else b"\n"
    return content[:place] + event.replace(b"\r\n", line_end) + content[place:]


def place_for_more(content: bytes, event: bytes) -> int:
    """Where an event's lines go. Raises `ValueError` with the reason where they may not."""
    if not event.isascii() and not _is_utf8(content):
        raise ValueError("it is not written in UTF-8, so only an event in plain ASCII letters can be added")
    return _place(content)


def _place(content: bytes) -> int:
    """Where the line that ends the last calendar begins."""
    place, parts = -1, list[bytes]()
    for begins, line in lines_in(content):
        word, _, name = line.rstrip().upper().partition(b":")
        if word == b"BEGIN" and name == EVENT and EVENT in parts:
            raise ValueError("its parts do not end where they should")
        if word == b"BEGIN" and (parts or name == CALENDAR):
            parts.append(name)
        elif not parts:
            raise ValueError("it holds something else than a calendar")
        elif word == b"END":
            if parts.pop() != name:
                raise ValueError("its parts do not end where they should")
            place = begins
    if parts:
        raise ValueError("its end is missing")
    return place


def _uids(content: bytes) -> set[bytes]:
    fields = (line.partition(b":") for _, line in lines_in(content) if line[:3].upper() == b"UID")
    return {uid.strip() for name, _, uid in fields if name.upper().partition(b";")[0] == b"UID"}


def lines_in(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Where each line begins, and the line: folded ones joined (RFC 5545, 3.1), blank ones left out."""
    begun, parts, at = 0, list[bytes](), 0
    for line in content.split(b"\n"):
        bare = line.rstrip(b"\r")
        if parts and line.startswith((b" ", b"\t")):
            parts.append(bare[1:])
        elif bare:
            if parts:
                yield begun, b"".join(parts)
            begun, parts = at, [bare.removeprefix(BYTE_ORDER_MARK)]
        at += len(line) + 1
    if parts:
        yield begun, b"".join(parts)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
