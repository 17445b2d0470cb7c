"""Books (epub): the chapters in the order in which they are read."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

from senter.component.readers import web
from senter.component.readers.archive import IS_ENCRYPTED, Archive
from senter.component.readers.lines import Lines
from senter.component.readers.markup import Attributes, Markup, named
from senter.component.readers.office import title_of
from senter.errors import Unreadable

CONTAINER = "META-INF/container.xml"
RIGHTS = "META-INF/rights.xml"


def read(content: bytes, lines: Lines) -> None:
    archive = Archive(content)
    package = _package(archive)
    lines.name(title_of(archive, package))
    if RIGHTS in archive.names:
        raise Unreadable(IS_ENCRYPTED)
    for part in _chapters(archive, package):
        if page := archive.part(part):
            web.chapter(web.html_of(page), lines)


def _package(archive: Archive) -> str:
    found: list[str] = []
    Markup({"rootfile": lambda attributes: found.append(named(attributes, "full-path"))}, {}).read(
        archive.pieces(CONTAINER)
    )
    if not found:
        raise Unreadable("It is damaged: it names no chapters.")
    return found[0]


def _chapters(archive: Archive, package: str) -> list[str]:
    parts: dict[str, str] = {}
    order: list[str] = []

    def item(attributes: Attributes) -> None:
        target = posixpath.join(posixpath.dirname(package), unquote(named(attributes, "href")))
        parts[named(attributes, "id")] = posixpath.normpath(target)

    def reference(attributes: Attributes) -> None:
        order.append(named(attributes, "idref"))

    Markup({"item": item, "itemref": reference}, {}).read(archive.pieces(package))
    return list(dict.fromkeys(parts[one] for one in order if one in parts))
