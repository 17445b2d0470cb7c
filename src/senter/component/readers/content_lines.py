"""The lines that calendars and address cards are written in (RFC 5545, RFC 6350): unfolded, with their parameters."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass

PARAMETER = re.compile(r';([A-Za-z0-9-]+)(?:=("[^"]*"|[^;:"]*))?')
NAME = re.compile(r"(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
FOLDED = re.compile(r"\r?\n[ \t]")
NEW_LINE = re.compile(r"\r\n?|\n")
SOFTLY_BROKEN = re.compile(r"[^:]*QUOTED-PRINTABLE[^:]*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ContentLine:
    name: str
    """In capitals."""
    parameters: dict[str, str]
    value: str
    """As it stands, escapes and all."""

    def text(self) -> str:
        return ESCAPED.sub(_unescaped, self.value).strip()

    def parts(self) -> list[str]:
        """Those between semicolons, as of a name or an address."""
        return [ESCAPED.sub(_unescaped, part).strip() for part in re.split(r"(?<!\\);", self.value)]


def content_lines(text: str) -> Iterator[ContentLine]:
    """What is no such line is left out."""
    for line in _unfolded(text):
        if found := _content_line(line):
            yield found


def _unfolded(text: str) -> Iterator[str]:
    begun: list[str] = []
    for line in NEW_LINE.split(FOLDED.sub("", text)):
        goes_on = line.endswith("=") and (begun or SOFTLY_BROKEN.match(line))
        begun.append(line[:-1] if goes_on else line)
        if not goes_on:
            yield "".join(begun)
            begun.clear()
    yield "".join(begun)


def _content_line(line: str) -> ContentLine | None:
    name = NAME.match(line)
    if not name:
        return None
    end = name.end()
    parameters: dict[str, str] = {}
    while parameter := PARAMETER.match(line, end):
        key, value = parameter.groups()
        parameters[key.upper() if value is not None else "TYPE"] = (value if value is not None else key).strip('"')
        end = parameter.end()
    if line[end : end + 1] != ":":
        return None
    return ContentLine(name[1].upper(), parameters, _decoded(line[end + 1 :], parameters))


def _decoded(value: str, parameters: dict[str, str]) -> str:
    """Old cards write letters as =C3=A4."""
    encoding = parameters.get("ENCODING", parameters.get("TYPE", "")).upper()
    if encoding != "QUOTED-PRINTABLE":
        return value
    try:
        return quopri.decodestring(value.encode()).decode(parameters.get("CHARSET", "utf-8"), "replace")
    except LookupError:
        return value


def _unescaped(found: re.Match[str]) -> str:
    return "\n" if found[1] in "nN" else found[1]
