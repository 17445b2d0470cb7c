"""Presentations (pptx): slides in their order, each with its tables and the speaker's notes."""

from __future__ import annotations

from senter.component.readers.archive import Archive
from senter.component.readers.lines import Lines
from senter.component.readers.markup import Attributes, Collected, Markup, Starts
from senter.component.readers.office import main_part, relations, title_of
from senter.component.readers.tables import TableBuilder
from senter.component.readers.word import PROPERTIES

TITLES = ("title", "ctrTitle")
# The number, date and footer of each slide, and the picture of it on its notes, say nothing of their own.
LEFT_OUT = ("sldNum", "dt", "ftr", "hdr", "sldImg")


def read(content: bytes, lines: Lines) -> None:
    archive = Archive(content)
    lines.name(title_of(archive, PROPERTIES))
    main = main_part(archive, "ppt/presentation.xml")
    related = relations(archive, main)
    for place, identity in enumerate(_order(archive, main), 1):
        if relation := related.get(identity):
            _slide(archive, relation.target, place, lines)


def _order(archive: Archive, main: str) -> list[str]:
    found: list[str] = []

    def note(attributes: Attributes) -> None:
        found.extend(value for key, value in attributes.items() if key.endswith(":id"))

    Markup({"sldId": note}, {}).read(archive.pieces(main))
    return found


def _slide(archive: Archive, part: str, place: int, lines: Lines) -> None:
    slide = SlidePart()
    slide.read(archive, part)
    named_place = f"Slide {place}" + (" (hidden)" if slide.is_hidden else "")
    lines.heading(f"{named_place}: {slide.title}" if slide.title else named_place)
    for text in slide.paragraphs:
        lines.add(text)
    for count, rows in enumerate(slide.tables, 1):
        lines.table(f"Table {count} on slide {place}", rows)
    related = relations(archive, part)
    for kind, word in (("notesSlide", "Notes"), ("comments", "Comment")):
        for target in [one.target for one in related.values() if one.kind == kind]:
            notes = SlidePart()
            notes.read(archive, target)
            lines.paragraph("\n".join(notes.paragraphs), prefix=f"{word}: ")


class SlidePart:
    """Reads one slide, or the notes of one."""

    def __init__(self) -> None:
        self.title = ""
        self.paragraphs: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.is_hidden = False
        self._shape = ""
        self._collected = Collected()
        self._builder = TableBuilder()

    def read(self, archive: Archive, part: str) -> None:
        starts: Starts = {
            "sld": self._begin_slide,
            "sp": self._begin_shape,
            "ph": self._placeholder,
            "t": self._collected.begin,
            "text": self._collected.begin,  # of a comment
            "br": self._break,
            "tbl": lambda _: self._builder.begin(),
            "tr": lambda _: self._builder.begin_row(),
            "tc": lambda _: self._builder.begin_cell(),
        }
        ends = {
            "t": self._collected.end,
            "text": self._end_comment,
            "p": self._end_paragraph,
            "tc": self._builder.end_cell,
            "tr": self._builder.end_row,
            "tbl": self._end_table,
        }
        Markup(starts, ends, self._collected.text).read(archive.pieces(part))

    def _begin_slide(self, attributes: Attributes) -> None:
        self.is_hidden = attributes.get("show") in ("0", "false")

    def _begin_shape(self, _: Attributes) -> None:
        self._shape = ""

    def _placeholder(self, attributes: Attributes) -> None:
        self._shape = attributes.get("type", "body")

    def _break(self, _: Attributes) -> None:
        self._collected.put("\n")

    def _end_comment(self) -> None:
        self._collected.end()
        self._end_paragraph()

    def _end_paragraph(self) -> None:
        text = self._collected.take().strip()
        if self._builder:
            self._builder.add(text)
        elif self._shape in TITLES:
            self.title = f"{self.title} {text}".strip()
        elif text and self._shape not in LEFT_OUT:
            self.paragraphs.append(text)

    def _end_table(self) -> None:
        if rows := self._builder.end():
            self.tables.append(rows)
