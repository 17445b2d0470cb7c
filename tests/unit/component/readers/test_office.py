"""Word, Excel and PowerPoint: what a person sees in the program comes out."""

from __future__ import annotations

import base64
import zlib

import pytest

from senter.component.kinds import FileKind
from senter.component.readers import reading
from senter.component.readers.cells import DAYS_FROM_1904, Format, format_of, plain_number, shown
from senter.errors import Unreadable
from tests.support.office_bytes import docx, paragraph, pptx, shape, word_table, xlsx

STYLES = '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'

# Two sheets of Excel 97, the second hidden.
OLD_WORKBOOK = (
    "eNrtWE1oE0EU/mabNEltfk2EVgmhYNVaqOLFS7v1t3iw1h60iKCpyUHaJJLmEg9arTkKgifFS6EevFR78QcV9OZBqKggCEKix54E"
    "BQ9t1vdediWpCg1oILrfMm/evHmz82bem5/dV4vB4uxCZwmrMIAWlA0PWqtkipLHKgRA9YbBrJW7KRk2mgoeNzmy1YnH3pcu9iH7"
    "uwQN9xzPiQIfKZ3EOQxn0slYA7FXbIgrtqFfOSj2NNyi5EOH2BUSekboeqF3RfeJ0EGRXBXaT7pFdQKL+nDPbjOOx7QuqfMRVXgg"
    "bd6LZCcieMFxfPGaqug6sSd7Nj7ZZBVRRzvmQC4dSqaTWS77cRttQCLRl0r15QlFhMndc/hqxIAv1rp+FrPljZUrkPxbrdz1G7mb"
    "nLhafl1zANMwTisO5gK8iDi4xol9mancVAHrsODk0GjBkcnEMjYRA0mkdiiXTBG7P56nwmgynWvjTV42hUDNpuCVpdJONAG/8EFZ"
    "MAGyafnO59eHx0f0UyKZloOgclxsZttg4BK3oMY+qdGEsgU9wm8XelneulH4TqFhGgPl3SMRkzk4IzpXpLab+tkleKNvqeK3El9Y"
    "OvowWvikbyN+fqh0Pjz/Tp9FFx1fCWrPzwx6Va+6eYPxSLdyZW4sH4R2/LTJuLWAOQLDPBP9WOFlRQgKrZR4dpSpr2SstfpK9PmN"
    "T6lHtieEY281ki3t4KEOaCHcl2karDqAG+Eb9YM2q29U1Vxf0CzfRPlSw7OKX82qDRs2bNiwYcPGfwNlXsfNzwG6y1WulC7zv84K"
    "pbL9m+SfxSgy9OTok/IA0pRnka8rfjbAqax3qTW2sf4XMo5T71lMYFzsmKg7fumTQFWPZ80NA39uCdXbf7keO/9y/98BfIX8UA=="
)


def text(content: bytes, kind: FileKind) -> str:
    return reading.read(content, kind).text()


def test_a_word_document_is_read_in_its_order_with_what_stands_beside_it() -> None:
    body = (
        paragraph("Notice", "berschrift1")
        + paragraph("Three months.")
        + "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>keys</w:t></w:r></w:p>"
        + word_table([["Item", "Cost"], ["Rent", "850"]])
        + paragraph("Signed.")
    )
    parts = {
        "styles": STYLES,
        "footnotes": f"<w:footnote>{paragraph('Except in May.')}</w:footnote>",
        "comments": f'<w:comment w:author="Anna">{paragraph("Really?")}</w:comment>',
        "header": paragraph("Confidential"),
        "footer": paragraph("Page"),
    }
    lines = reading.read(docx(body, parts, title="Lease"), FileKind.DOCX)
    assert lines.title == "Lease"
    assert lines.text().split("\n") == [
        "# Notice",
        "Three months.",
        "- keys",
        "",
        "# Table 1",
        "Item\tCost",
        "Rent\t850",
        "",
        "Signed.",
        "",
        "# Footnotes",
        "Except in May.",
        "",
        "# Comments",
        "Anna: Really?",
        "",
        "# Headers and footers",
        "Confidential",
        "Page",
    ]


@pytest.mark.parametrize(
    ("written", "title"),
    [("Microsoft Word - Lease.docx", "Lease.docx"), ("PowerPoint Presentation", ""), ("Document1", ""), ("Book", "")],
)
def test_a_title_that_a_program_makes_up_is_none(written: str, title: str) -> None:
    assert reading.read(docx(paragraph("x"), title=written), FileKind.DOCX).title == title


def test_what_was_deleted_and_what_is_said_twice_for_old_programs_is_left_out() -> None:
    body = (
        "<w:p><w:r><w:t>Stays.</w:t></w:r><w:del><w:r><w:delText>Gone.</w:delText></w:r></w:del>"
        "<AlternateContent><Choice><w:r><w:t> Box.</w:t></w:r></Choice>"
        "<Fallback><w:r><w:t> Box.</w:t></w:r></Fallback></AlternateContent></w:p>"
    )
    assert text(docx(body), FileKind.DOCX) == "Stays. Box."


def test_cells_that_reach_over_columns_keep_the_others_below_their_heads() -> None:
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{paragraph("Both")}</w:tc>'
    inner = f"<w:tc>{word_table([['in', 'side']])}{paragraph('x')}</w:tc>"
    body = f"<w:tbl><w:tr>{wide}<w:tc>{paragraph('c')}</w:tc></w:tr><w:tr>{inner}</w:tr></w:tbl>"
    assert text(docx(body), FileKind.DOCX) == "# Table 1\nBoth\t\tc\nin side x"


def test_a_program_may_choose_its_own_prefix() -> None:
    assert text(docx("<x:p><x:r><x:t>Hello</x:t></x:r></x:p>", prefix="x"), FileKind.DOCX) == "Hello"


def test_a_workbook_shows_values_dates_and_what_is_hidden() -> None:
    costs = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Amount</t></is></c></row>'
        '<row r="2" hidden="1"><c r="A2" t="s"><v>1</v></c><c r="B2"><v>850.5</v></c>'
        '<c r="D2" s="1"><v>46357</v></c></row>'
        '<row r="3"><c r="B3"><f>SUM(B2:B2)</f><v>0.30000000000000004</v></c><c r="C3"><f>B3*2</f></c></row>'
        '<row r="4"><c r="A4" s="2"><v>46357.4375</v></c><c r="B4" s="3"><v>0.19</v></c>'
        '<c r="C4" t="b"><v>1</v></c><c r="D4" t="e"><v>#REF!</v></c></row>'
    )
    content = xlsx(
        {"Costs": costs, "Old": "<row><c><v>7</v></c></row>"},
        texts=["Item", "Rent"],
        formats=["dd/mm/yyyy", "d. mmm yyyy hh:mm", "0 %"],
        hidden=["Old"],
    )
    assert text(content, FileKind.XLSX).split("\n") == [
        "# Costs",
        "Item\tAmount",
        "Rent\t850.5\t\t2026-12-01",
        "\t0.3",
        "2026-12-01 10:30\t19%\tTRUE\t#REF!",
        "",
        "(1 formula has no stored value.)",
        "(1 row is hidden: Rent.)",
        "",
        "# Old (hidden)",
        "7",
    ]
    assert "SUM" not in text(content, FileKind.XLSX)


def test_more_cells_than_are_kept_are_said_to_be_left_out() -> None:
    rows = "".join(f"<row><c><v>{number}</v></c><c><v>1</v></c></row>" for number in range(260_000))
    found = text(xlsx({"Long": rows}), FileKind.XLSX)
    assert found.count("\t1") == 250_000
    assert found.endswith("(The rest is left out: 500,000 cells of the file are read.)")


@pytest.mark.parametrize(
    ("code", "stored", "expected"),
    [
        ("General", "1E+20", "100000000000000000000"),
        ("#,##0.00", "1234.5", "1234.5"),
        ('#,##0.00 "days"', "3", "3"),
        ("[$-409]mmmm d, yyyy;@", "46357", "2026-12-01"),
        ("[h]:mm", "1.09375", "26:15"),
        ("h:mm AM/PM", "0.4375", "10:30"),
        ("yyyy-mm-dd hh:mm:ss", "46357.437511574", "2026-12-01 10:30:01"),
        ("0.0%", "0.195", "19.5%"),
        ("[Red]0", "5", "5"),
        ("yyyy", "-3", "-3"),
        ("yyyy", "1e99", "1" + "0" * 99),
        ("yyyy", "text", "text"),
    ],
)
def test_a_number_is_shown_by_the_format_of_its_cell(code: str, stored: str, expected: str) -> None:
    assert shown(stored, format_of(200, code)) == expected


def test_days_are_counted_from_where_the_workbook_says() -> None:
    assert shown("1", Format.DATE) == "1900-01-01"
    assert shown("61", Format.DATE) == "1900-03-01"
    assert shown("44895", Format.DATE, DAYS_FROM_1904) == "2026-12-01"
    assert format_of(14) is Format.DATE
    assert format_of(9) is Format.PERCENT
    assert plain_number("0.1") == "0.1"


def test_slides_come_in_their_order_with_title_table_and_notes() -> None:
    cells = "".join(f"<a:tc><a:p><a:r><a:t>{cell}</a:t></a:r></a:p></a:tc>" for cell in ("Q1", "5"))
    table = f"<a:tbl><a:tr>{cells}</a:tr></a:tbl>"
    slides = [shape("Budget", "title") + shape("First point") + table + shape("7", "sldNum"), shape("Only text")]
    assert text(pptx(slides, {1: "Smile."}), FileKind.PPTX).split("\n") == [
        "# Slide 1: Budget",
        "First point",
        "",
        "# Table 1 on slide 1",
        "Q1\t5",
        "",
        "Notes: Smile.",
        "",
        "# Slide 2",
        "Only text",
    ]


def test_a_workbook_of_excel_97_is_read_and_a_broken_one_refused() -> None:
    content = zlib.decompress(base64.b64decode(OLD_WORKBOOK))
    expected = ["# Costs", "Item\tDay", "Rent\t2026-12-01\t850.5", "", "# Old (hidden)", "7"]
    assert text(content, FileKind.XLS).split("\n") == expected
    for broken in (content[:600], b"no workbook"):
        with pytest.raises(Unreadable, match="damaged"):
            reading.read(broken, FileKind.XLS)
