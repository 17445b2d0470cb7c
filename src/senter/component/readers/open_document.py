"""Documents of LibreOffice and OpenOffice: texts (odt), spreadsheets (ods) and presentations (odp)."""

from __future__ import annotations

from senter.component.readers.archive import IS_ENCRYPTED, Archive
from senter.component.readers.lines import Lines
from senter.component.readers.markup import Attributes, End, Markup, Start, named, number
from senter.component.readers.office import title_of
from senter.component.readers.open_tables import OpenTables
from senter.component.readers.tables import HIDDEN
from senter.errors import Unreadable

MOST_SPACES = 100


def read(content: bytes, lines: Lines) -> None:
    archive = Archive(content)
    if b"encryption-data" in archive.part("META-INF/manifest.xml"):
        raise Unreadable(IS_ENCRYPTED)
    lines.name(title_of(archive, "meta.xml"))
    OpenDocumentPart(lines).read(archive, "content.xml")
    edges = Lines()
    OpenDocumentPart(edges, only_within=("header", "footer")).read(archive, "styles.xml")
    if seen := dict.fromkeys(edges.text().splitlines()):
        lines.heading("Headers and footers")
        lines.add("\n".join(seen))


class OpenDocumentPart:
    """Reads one part with text in it."""

    def __init__(self, lines: Lines, only_within: tuple[str, ...] = ()) -> None:
        self._lines = lines
        self._only_within = only_within
        self._wanted = 0 if only_within else 1
        self._texts: list[list[str]] = []
        self._tables = OpenTables(lines)
        self._after: list[str] = []
        self._lists = self._left_out = self._slides = 0
        self._note: list[str] | None = None
        self._note_word = ""
        self._style = ""
        self._hidden_styles: set[str] = set()

    def read(self, archive: Archive, part: str) -> None:
        starts: dict[str, Start] = {
            "style": self._begin_style,
            "table-properties": self._properties,
            "drawing-page-properties": self._properties,
            "tracked-changes": self._leave_out,
            "note-citation": self._leave_out,
            "h": self._begin_text,
            "p": self._begin_text,
            "list-item": self._begin_item,
            "s": self._spaces,
            "tab": lambda _: self._put(" "),
            "line-break": lambda _: self._put("\n"),
            "page": self._begin_slide,
            "notes": lambda _: self._begin_note("Notes: "),
            "note": lambda _: self._begin_note("Note: "),
            "annotation": lambda _: self._begin_note("Comment: "),
            "creator": self._begin_text,
            "table": self._begin_table,
            "table-row": self._tables.begin_row,
            "table-cell": self._tables.begin_cell,
            "covered-table-cell": self._tables.begin_cell,
        }
        ends: dict[str, End] = {
            "tracked-changes": self._take_up,
            "note-citation": self._take_up,
            "h": self._end_heading,
            "p": self._end_paragraph,
            "list-item": self._end_item,
            "notes": self._end_note,
            "note": self._end_note,
            "annotation": self._end_note,
            "creator": self._end_creator,
            "table": self._end_table,
            "table-row": self._tables.end_row,
            "table-cell": self._tables.end_cell,
            "covered-table-cell": self._tables.end_cell,
        }
        for name in self._only_within:
            starts[name], ends[name] = self._want, self._unwant
        Markup(starts, ends, self._put).read(archive.pieces(part))

    # What is read at all.

    def _want(self, _: Attributes) -> None:
        self._wanted += 1

    def _unwant(self) -> None:
        self._wanted -= 1

    def _leave_out(self, _: Attributes) -> None:
        self._left_out += 1

    def _take_up(self) -> None:
        self._left_out -= 1

    def _begin_style(self, attributes: Attributes) -> None:
        self._style = named(attributes, "name")

    def _properties(self, attributes: Attributes) -> None:
        if named(attributes, "display") == "false" or named(attributes, "visibility") == "hidden":
            self._hidden_styles.add(self._style)

    # Text.

    def _put(self, piece: str) -> None:
        if self._texts and not self._left_out:
            self._texts[-1].append(piece)

    def _spaces(self, attributes: Attributes) -> None:
        self._put(" " * min(number(named(attributes, "c"), 1), MOST_SPACES))

    def _begin_text(self, _: Attributes) -> None:
        self._texts.append([])

    def _end_text(self) -> str:
        text = "".join(self._texts.pop()) if self._texts else ""
        return "" if self._left_out or not self._wanted else text.strip()

    def _end_heading(self) -> None:
        text = self._end_text()
        if self._tables or self._note is not None:
            self._place(text)
        else:
            self._lines.heading(text)

    def _end_paragraph(self) -> None:
        self._place(self._end_text())

    def _place(self, text: str) -> None:
        if not text:
            return
        if self._note is not None:
            self._note.append(text)
        elif self._tables:
            self._tables.add(text)
        else:
            self._lines.paragraph(text, prefix="- " if self._lists else "")
            if not self._texts:
                self._say_after()

    def _begin_item(self, _: Attributes) -> None:
        self._lists += 1

    def _end_item(self) -> None:
        self._lists -= 1

    # Notes stand where they are anchored, in the middle of a sentence; they are told after it.

    def _begin_note(self, word: str) -> None:
        self._note, self._note_word = [], word
        self._texts.append([])  # what is not in a paragraph of the note belongs nowhere

    def _end_creator(self) -> None:
        author = self._end_text()
        if self._note is not None and author:
            self._note_word = f"Comment by {author}: "

    def _end_note(self) -> None:
        self._end_text()
        if self._note:
            self._after.append(self._note_word + "\n".join(self._note))
        self._note = None

    def _say_after(self) -> None:
        while self._after:
            self._lines.paragraph(self._after.pop(0))

    def _begin_slide(self, attributes: Attributes) -> None:
        self._say_after()
        self._slides += 1
        hidden = f" {HIDDEN}" if named(attributes, "style-name") in self._hidden_styles else ""
        self._lines.heading(f"Slide {self._slides}{hidden}")

    # Tables.

    def _begin_table(self, attributes: Attributes) -> None:
        hidden = f" {HIDDEN}" if named(attributes, "style-name") in self._hidden_styles else ""
        self._tables.begin((named(attributes, "name") or "Table") + hidden)

    def _end_table(self) -> None:
        self._tables.end()
        if not self._tables:
            self._say_after()
            self._tables.say_left_out()
