"""Address cards, calendars, JSON, source code, rich text, PDF."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from senter.component.kinds import SCAN, FileKind, kind_of, title_without_one
from senter.component.readers import reading
from senter.component.readers.pdf import join_words
from senter.errors import Unreadable
from tests.support.documents import pdf


def text(content: str, kind: FileKind) -> str:
    return reading.read(content.encode(), kind).text()


def test_a_card_is_one_paragraph_in_the_words_that_people_ask_by() -> None:
    card = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Müller;Anna;;;\r\nFN:Anna Müller\r\nTEL;TYPE=CELL:+49 170 1\r\n"
        "item1.EMAIL;TYPE=INTERNET,WORK:a@example.org\r\nADR;TYPE=HOME:;;Elm St 5;Berlin;;10115;\r\n"
        "BDAY:19800412\r\nNOTE:likes\\, above all\\; chess and\r\n  tea\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:K=C3=A4s;Bo\r\nBDAY:--0412\r\n"
        "TEL;HOME:1\r\n"
        "NOTE;ENCODING=QUOTED-PRINTABLE:K=C3=A4se=\r\nbrot\r\nPHOTO;ENCODING=BASE64:AAA=\r\nTITLE:Cook\r\nEND:VCARD\r\n"
    )
    assert text(card, FileKind.VCF).split("\n\n") == [
        "Name: Anna Müller; Phone (mobile): +49 170 1; E-mail (work): a@example.org; "
        "Address (home): Elm St 5, Berlin, 10115; Birthday: 12 April 1980 (1980-04-12); "
        "Note: likes, above all; chess and tea",
        "Name: Bo Käs; Birthday: 12 April; Phone (home): 1; Note: Käsebrot; Job: Cook",
    ]


def test_an_event_is_a_line_with_its_day_in_words_and_as_iso() -> None:
    calendar = (
        "BEGIN:VCALENDAR\nX-WR-CALNAME:Home\n"
        "BEGIN:VEVENT\nSUMMARY:Dentist\nDTSTART;TZID=Europe/Berlin:20261201T103000\nDTEND;TZID=Europe/Berlin:20261201T1130"
        "00\nLOCATION:Elm St\nBEGIN:VALARM\nDESCRIPTION:beep\nEND:VALARM\nEND:VEVENT\n"
        "BEGIN:VEVENT\nSUMMARY:Trip\nDTSTART;VALUE=DATE:20261205\nDTEND;VALUE=DATE:20261208\nEND:VEVENT\n"
        "BEGIN:VEVENT\nSUMMARY:Choir\nDTSTART:20261201T180000Z\nRRULE:FREQ=WEEKLY;INTERVAL=2\nSTATUS:CANCELLED\nEND:VEVENT\n"
        "BEGIN:VEVENT\nSUMMARY:Odd\nDTSTART;VALUE=DATE:00010101\nDTEND:00010101T000000\nEND:VEVENT\n"
        "BEGIN:VTODO\nSUMMARY:Pay\nDUE;VALUE=DATE:20261231\nEND:VTODO\n"
        "BEGIN:VEVENT\nDTSTART:20269901\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    lines = reading.read(calendar.encode(), FileKind.ICS)
    assert lines.title == "Home"
    assert lines.text().split("\n") == [
        "Dentist: Tuesday 1 December 2026, 10:30-11:30, Europe/Berlin (2026-12-01 10:30); Where: Elm St",
        "Trip: Saturday 5 December 2026 to Monday 7 December 2026 (2026-12-05)",
        "Choir: Tuesday 1 December 2026, 18:00, UTC (2026-12-01 18:00); every 2 weeks; cancelled",
        "Odd: Monday 1 January 1 (0001-01-01)",
        "Pay: due Thursday 31 December 2026 (2026-12-31)",
        "(without a name)",
    ]


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        (FileKind.VCF, "BEGIN:VCARD\nFN:Anna Quix\nTEL:12\nBEGIN:VCARD\nFN:Kim\nTEL:34\n", "Name: Kim; Phone: 34"),
        (FileKind.ICS, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Choir\nBEGIN:VEVENT\nSUMMARY:Dentist\n", "Dentist"),
        (FileKind.EML, "\n \r\nFrom: anna@example.org\nSubject: Bread\n\nBake it.\n", "# Bread"),
        (FileKind.MBOX, "\n\nFrom a Mon Nov 30 10:00:00 2026\nSubject: Bread\n\nBake it.\n", "# Bread"),
    ],
)
def test_what_has_no_end_or_begins_late_is_read(kind: FileKind, text: str, found: str) -> None:
    assert found in reading.read(text.encode(), kind).text().splitlines()


@pytest.mark.parametrize("kind", [FileKind.VCF, FileKind.ICS, FileKind.EML, FileKind.RTF])
def test_a_file_with_nothing_of_its_kind_is_named_as_not_read(kind: FileKind) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        reading.read(b"<p>Please sign in</p>", kind)


def test_json_is_read_as_paths_and_values_with_its_numbers_as_they_stand() -> None:
    content = '{"rent": {"amount": 850.50, "paid": true, "by": null}, "rooms": [{"name": "bath"}, 3]}'
    expected = ["rent.amount: 850.50", "rent.paid: true", "rooms[0].name: bath", "rooms[1]: 3"]
    assert text(content, FileKind.JSON).split("\n") == expected
    assert text('{"a": 1}\n\n{"a": 2}\n', FileKind.JSON_LINES) == "a: 1\n\na: 2"
    assert text('{"a": 1, // one\n}', FileKind.JSON) == '{"a": 1, // one\n}'
    with pytest.raises(Unreadable, match="nested"):
        text("[" * 100_000 + "]" * 100_000, FileKind.JSON)


def test_source_code_stands_as_it_is_and_is_found_by_the_words_of_its_names() -> None:
    found = text("def parseInvoice(HTTPServer):  # sums\n    pass\n", FileKind.CODE)
    assert found.startswith("def parseInvoice(HTTPServer):  # sums\n    pass\n")
    assert found.endswith("# Words of its names\nparse invoice http server")
    assert title_without_one(PurePath("bill.py")) == "bill.py (Python code)"
    assert kind_of(PurePath("A.XLSX")) is FileKind.XLSX


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("windows-1251", "cp1251"), ("iso-8859-1", "utf-8"), ("utf-8", "cp1251"), ("none such", "cp1251")],
)
def test_a_page_is_read_in_the_encoding_it_is_in(declared: str, encoding: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body><p>Аренда квартиры, 850 рублей</p></body></html>'
    assert reading.read(page.encode(encoding), FileKind.HTML).text() == "Аренда квартиры, 850 рублей"


def test_rich_text_is_read_in_the_letters_it_was_written_in() -> None:
    assert text(r"{\rtf1\ansi Hello \b K\'e4se\b0\par there\par}", FileKind.RTF) == "Hello Käse\nthere"
    with pytest.raises(Unreadable):
        text("no rich text", FileKind.RTF)


def test_a_pdf_without_text_is_called_a_scan() -> None:
    assert reading.read(pdf("Hello"), FileKind.PDF).text() == "Hello"
    with pytest.raises(Unreadable) as reason:
        reading.read(pdf(""), FileKind.PDF)
    assert reason.value.message == SCAN


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("the termi-\nnation, of it", "the termination,\nof it"),
        ("a well-\nknown song, well, known", "a well-known\nsong, well, known"),
        ("a well-\nknown song; well-known", "a well-known\nsong; well-known"),
        ("co-\nop and coop", "coop\nand coop"),
        ("pages 3-\n4 and A-\nB", "pages 3-\n4 and A-\nB"),
        ("soft\u00ad\nware", "software\n"),
    ],
)
def test_a_word_that_a_line_breaks_in_two_is_one_again(broken: str, whole: str) -> None:
    assert join_words(broken) == whole
