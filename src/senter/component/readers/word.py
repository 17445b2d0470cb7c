"""Word documents (docx): paragraphs, headings, lists, tables, then notes, comments, headers and footers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from senter.component.readers.archive import Archive
from senter.component.readers.lines import Lines
from senter.component.readers.markup import Attributes, Markup, Starts, named, number
from senter.component.readers.office import main_part, targets, title_of
from senter.component.readers.tables import TableBuilder

PROPERTIES = "docProps/core.xml"
AFTERWARDS = (("footnotes", "Footnotes"), ("endnotes", "Endnotes"), ("comments", "Comments"))


def read(content: bytes, lines: Lines) -> None:
    archive = Archive(content)
    lines.name(title_of(archive, PROPERTIES))
    main = main_part(archive, "word/document.xml")
    styles = [_headings(archive, part) for part in targets(archive, main, "styles")]
    headings = styles[0] if styles else {}
    WordPart(lines, headings).read(archive, main)
    for kind, name in AFTERWARDS:
        _section(archive, targets(archive, main, kind), name, lines)
    edges = targets(archive, main, "header") + targets(archive, main, "footer")
    _section(archive, edges, "Headers and footers", lines)


def _section(archive: Archive, parts: list[str], name: str, lines: Lines) -> None:
    inner = Lines()
    for part in parts:
        WordPart(inner, {}).read(archive, part)
    seen = dict.fromkeys(inner.text().splitlines())
    if any(line.strip() for line in seen):
        lines.heading(name)
        lines.add("\n".join(seen))


def _headings(archive: Archive, part: str) -> dict[str, str]:
    """The names of styles by id: ids are in the language of the program, the names of headings are not."""
    names: dict[str, str] = {}
    style = [""]

    def begin(attributes: Attributes) -> None:
        style[0] = named(attributes, "styleId")

    def name(attributes: Attributes) -> None:
        names.setdefault(style[0], named(attributes, "val").lower())

    Markup({"style": begin, "name": name}, {}).read(archive.pieces(part))
    return names


@dataclass(slots=True)
class _Paragraph:
    pieces: list[str] = field(default_factory=list[str])
    style: str = ""
    is_listed: bool = False


class WordPart:
    """Reads one part with paragraphs in it."""

    def __init__(self, lines: Lines, styles: Mapping[str, str]) -> None:
        self._lines = lines
        self._styles = styles
        self._open: list[_Paragraph] = []
        self._tables = TableBuilder()
        self._table_name = ""
        self._table_count = 0
        self._in_text = False
        self._repeated = 0
        self._author = ""

    def read(self, archive: Archive, part: str) -> None:
        starts: Starts = {
            "p": self._begin_paragraph,
            "pStyle": self._style,
            "numPr": self._listed,
            "t": self._begin_text,
            "tab": self._space,
            "br": self._break,
            "cr": self._break,
            "noBreakHyphen": self._hyphen,
            "tbl": self._begin_table,
            "tblCaption": self._caption,
            "tr": lambda _: self._tables.begin_row(),
            "tc": lambda _: self._tables.begin_cell(),
            "gridSpan": lambda attributes: self._tables.span(number(named(attributes, "val"), 1)),
            "comment": self._comment,
            "Fallback": self._begin_repeated,
            "moveFrom": self._begin_repeated,
        }
        ends = {
            "p": self._end_paragraph,
            "t": self._end_text,
            "tc": self._tables.end_cell,
            "tr": self._tables.end_row,
            "tbl": self._end_table,
            "Fallback": self._end_repeated,
            "moveFrom": self._end_repeated,
        }
        Markup(starts, ends, self._text).read(archive.pieces(part))

    def _begin_paragraph(self, _: Attributes) -> None:
        self._open.append(_Paragraph())

    def _style(self, attributes: Attributes) -> None:
        if self._open:
            self._open[-1].style = self._styles.get(named(attributes, "val"), "")

    def _listed(self, _: Attributes) -> None:
        if self._open:
            self._open[-1].is_listed = True

    def _begin_text(self, _: Attributes) -> None:
        self._in_text = True

    def _end_text(self) -> None:
        self._in_text = False

    def _text(self, piece: str) -> None:
        if self._in_text:
            self._put(piece)

    def _space(self, _: Attributes) -> None:
        self._put(" ")

    def _break(self, _: Attributes) -> None:
        self._put("\n")

    def _hyphen(self, _: Attributes) -> None:
        self._put("-")

    def _put(self, piece: str) -> None:
        if self._open and not self._repeated:
            self._open[-1].pieces.append(piece)

    def _end_paragraph(self) -> None:
        if not self._open:
            return
        paragraph = self._open.pop()
        text = "".join(paragraph.pieces).strip()
        if self._tables:
            self._tables.add(text)
        elif paragraph.style == "title" or paragraph.style.startswith("heading"):
            self._lines.name(text if paragraph.style == "title" else "")
            self._lines.heading(text)
        else:
            self._lines.paragraph(
                text,
                prefix=self._author or ("- " if paragraph.is_listed or paragraph.style.startswith("list ") else ""),
            )

    def _begin_table(self, _: Attributes) -> None:
        self._tables.begin()

    def _caption(self, attributes: Attributes) -> None:
        self._table_name = named(attributes, "val")

    def _end_table(self) -> None:
        if rows := self._tables.end():
            self._table_count += 1
            self._lines.table(self._table_name or f"Table {self._table_count}", rows)
            self._table_name = ""

    def _comment(self, attributes: Attributes) -> None:
        author = named(attributes, "author")
        self._author = f"{author}: " if author else ""

    def _begin_repeated(self, _: Attributes) -> None:
        """What older programs are to show instead, and what was moved away, stands elsewhere."""
        self._repeated += 1

    def _end_repeated(self) -> None:
        self._repeated -= 1
