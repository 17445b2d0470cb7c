"""LibreOffice, and books."""

from __future__ import annotations

from senter.component.kinds import FileKind
from senter.component.readers import reading
from tests.support.office_bytes import epub, open_document

HIDDEN_STYLE = '<style:style style:name="ta1"><style:table-properties table:display="false"/></style:style>'


def text(content: bytes, kind: FileKind = FileKind.OPEN_DOCUMENT) -> str:
    return reading.read(content, kind).text()


def test_a_text_is_read_with_headings_lists_notes_comments_and_headers() -> None:
    body = (
        "<text:tracked-changes><text:deletion><text:p>Deleted.</text:p></text:deletion></text:tracked-changes>"
        "<text:h>Notice</text:h>"
        "<text:p>Three<text:s text:c='2'/>months<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>Except in May.</text:p></text:note-body></text:note>, in writing."
        "<office:annotation><dc:creator>Anna</dc:creator><dc:date>2026</dc:date><text:p>Really?</text:p>"
        "</office:annotation></text:p>"
        "<text:list><text:list-item><text:p>keys</text:p></text:list-item></text:list>"
    )
    styles = "<style:header><text:p>Confidential</text:p></style:header><text:p>not shown</text:p>"
    lines = reading.read(open_document(body, styles=styles, title="Lease"), FileKind.OPEN_DOCUMENT)
    assert lines.title == "Lease"
    assert lines.text().split("\n") == [
        "# Notice",
        "Three  months, in writing.",
        "Note: Except in May.",
        "Comment by Anna: Really?",
        "- keys",
        "",
        "# Headers and footers",
        "Confidential",
    ]


def test_a_spreadsheet_shows_values_not_what_the_screen_rounds_them_to() -> None:
    body = (
        f"{HIDDEN_STYLE}"
        '<table:table table:name="Costs"><table:table-row>'
        '<table:table-cell office:value-type="float" office:value="850.5"><text:p>€ 851</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2026-12-01"><text:p>1.12.</text:p>'
        "</table:table-cell>"
        '<table:table-cell office:value-type="percentage" office:value="0.19"/>'
        '<table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell office:value-type="time" office:time-value="PT10H30M00S"/>'
        '<table:table-cell table:formula="of:=1+1"/></table:table-row>'
        '<table:table-row table:visibility="collapse"><table:table-cell><text:p>two</text:p><text:p>lines</text:p>'
        "</table:table-cell></table:table-row>"
        '<table:table-row table:number-rows-repeated="1048574"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
        '<table:table table:name="Old" table:style-name="ta1"><table:table-row table:number-rows-repeated="2">'
        "<table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table>"
    )
    assert text(open_document(body)).split("\n") == [
        "# Costs",
        "850.5\t2026-12-01\t19%\t\t\t10:30",
        "two lines",
        "",
        "(1 formula has no stored value.)",
        "(1 row is hidden: two lines.)",
        "",
        "# Old (hidden)",
        "x",
        "x",
    ]


def test_slides_are_told_apart_and_have_their_notes() -> None:
    body = (
        "<draw:page><draw:frame><text:p>Budget</text:p></draw:frame>"
        "<presentation:notes><text:p>Smile.</text:p></presentation:notes></draw:page>"
        "<draw:page><text:p>Second</text:p></draw:page>"
    )
    expected = ["# Slide 1", "Budget", "Notes: Smile.", "", "# Slide 2", "Second"]
    assert text(open_document(body)).split("\n") == expected


def test_a_book_is_read_in_the_order_of_reading() -> None:
    lines = reading.read(
        epub(["<h1>One</h1><p>First &amp; foremost.</p>", "<h2>Two</h2><p>Then.</p>"], "Tales"), FileKind.EPUB
    )
    assert lines.title == "Tales"
    assert lines.text().split("\n") == ["# One", "First & foremost.", "", "# Two", "Then."]
