"""What the documents of Microsoft Office have in common: how their parts refer to each other, and their titles."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from senter.component.readers.archive import Archive
from senter.component.readers.markup import Attributes, Collected, Markup


class Relation(NamedTuple):
    kind: str
    """The last word of its type: `slide`, `comments`."""
    target: str
    """The part, as the archive names it."""


def relations(archive: Archive, part: str = "") -> dict[str, Relation]:
    """What a part refers to inside the document, by id; the document's own where none is named."""
    folder, name = posixpath.split(part)
    found: dict[str, Relation] = {}

    def note(attributes: Attributes) -> None:
        if attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = Relation(kind, target.lstrip("/"))

    Markup({"Relationship": note}, {}).read(archive.pieces(posixpath.join(folder, "_rels", f"{name}.rels")))
    return found


def targets(archive: Archive, part: str, kind: str) -> list[str]:
    """The parts of one kind that a part refers to."""
    return [one.target for one in relations(archive, part).values() if one.kind == kind]


def main_part(archive: Archive, usual: str) -> str:
    return next((one.target for one in relations(archive).values() if one.kind == "officeDocument"), usual)


def title_of(archive: Archive, part: str) -> str:
    """The element `title` of the part with the properties."""
    title = Collected()
    Markup({"title": title.begin}, {"title": title.end}, title.text).read(archive.pieces(part))
    return title.take()
