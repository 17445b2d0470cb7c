from __future__ import annotations

import time

from senter.components.assistant.mine.pieces import MOST_PIECES, TextPiece, pieces_of


def texts(text: str) -> list[str]:
    return [piece.text for piece in said(text)]


def said(text: str) -> list[TextPiece]:
    return [piece for piece in pieces_of(text) if not piece.is_heading]


def test_sentences_entries_rows_and_records_are_pieces() -> None:
    text = """# Flat

The rent is 985 euros. Heating is
140 euros.

- One cat. It may stay.
- Dogs need
  consent.

From: Busch
Status: unpaid

| Vaccine | Next |
|---|---|
| Tetanus | June 2029 |
"""
    assert texts(text) == [
        "The rent is 985 euros.",
        "Heating is 140 euros.",
        "One cat. It may stay.",
        "Dogs need consent.",
        "From: Busch; Status: unpaid",
        "Vaccine: Tetanus; Next: June 2029",
    ]


def test_a_piece_goes_with_the_headings_above_it() -> None:
    text = "# Contract\n\n## Ending\n\nThree months.\n\n## Rent\n\n985 euros.\n"
    assert [piece.headings for piece in said(text)] == ["Contract / Ending", "Contract / Rent"]


def test_a_short_first_line_is_what_a_plain_text_is_called() -> None:
    [piece] = said("WLAN\n\nPassword: tulpe\n")
    assert (piece.text, piece.headings) == ("Password: tulpe", "WLAN")


def test_marks_pictures_and_front_matter_are_not_quoted() -> None:
    text = "---\ntitle: x\n---\n\nSee ![p](http://evil.example/p.png) the **bold** [link](http://evil.example).\n"
    assert texts(text) == ["See p the bold link."]


def test_a_long_text_takes_no_long_time() -> None:
    begun = time.process_time()
    assert len(pieces_of("a: b\n| c\n- d\n" * 100_000)) <= MOST_PIECES
    assert time.process_time() - begun < 10


def test_headings_are_pieces_that_are_told_apart() -> None:
    text = "Apple cake from Grandma\n\n200 g butter, 180 g sugar.\n\nFilling\n\nFive apples, cut small.\n"
    assert [(piece.text, piece.headings, piece.is_heading) for piece in pieces_of(text)] == [
        ("Apple cake from Grandma", "Apple cake from Grandma", True),
        ("200 g butter, 180 g sugar.", "Apple cake from Grandma", False),
        ("Filling", "Apple cake from Grandma / Filling", True),
        ("Five apples, cut small.", "Apple cake from Grandma / Filling", False),
    ]


def test_what_stands_below_a_letterhead_is_about_its_subject_and_of_its_sender() -> None:
    text = "From: Ole Berg <o@example.org>\nTo: Jo\nSubject: Sailing\nDate: 7 Sep 2026\n\nIt begins in April.\n"
    [letterhead, sentence] = pieces_of(f"From o@example.org Mon Sep  7\n{text}")
    assert (letterhead.is_letterhead, letterhead.text.startswith("From: Ole Berg")) == (True, True)
    assert (sentence.text, sentence.headings) == ("It begins in April.", "Ole Berg Jo Sailing")


def test_a_line_that_was_ended_on_purpose_ends_a_sentence() -> None:
    assert texts("Busch GmbH\nInvoice 7\nRepair of a pipe in the bathroom\nthat had burst in the night") == [
        "Busch GmbH",
        "Invoice 7",
        "Repair of a pipe in the bathroom that had burst in the night",
    ]


def test_a_sentence_goes_with_the_one_before_it() -> None:
    assert [piece.before for piece in pieces_of("Mr Lem is our adviser. His fee is 340 euros.")] == [
        "",
        "Mr Lem is our adviser.",
    ]


def test_cards_and_paths_of_one_thing_are_one_piece() -> None:
    cards = "Name: Ole Berg. Phone: +49 40 5. Birthday: 3 May.\n\nName: Jo. Phone: 7. Company: Lem.\n"
    assert texts(cards) == cards.strip().split("\n\n")
    paths = "[0].title: North\n[0].rating: 8\n[1].title: South\nsensor.port: 8086\nsensor.host: lab\n"
    assert texts(paths) == ["title: North; rating: 8", "title: South", "sensor: port: 8086; host: lab"]


def test_letters_without_a_subject_and_papers_without_blank_lines_are_read_too() -> None:
    mail = "# Sailing\nFrom: Ole Berg <o@example.org>\nTo: Jo\nDate: 7 Sep 2026\n\nIt begins in April.\n"
    assert [(piece.text, piece.headings) for piece in pieces_of(mail)][-1] == (
        "It begins in April.",
        "Sailing / Ole Berg Jo",
    )
    long = "Feed the starter with a hundred grams of flour the evening before it is baked."
    paper = f"The bread book\nRye bread\n{long}\nSpelt rolls\n{long}\n"
    assert [(piece.headings, piece.is_heading) for piece in pieces_of(paper) if "rolls" in piece.headings] == [
        ("The bread book / Spelt rolls", True),
        ("The bread book / Spelt rolls", False),
    ]


def test_a_day_at_the_beginning_of_a_line_goes_on_with_the_sentence_before_it() -> None:
    assert texts("Die Anzahlung von 90 Euro ist bis zum\n10. Januar 2027 fällig.\n") == [
        "Die Anzahlung von 90 Euro ist bis zum 10. Januar 2027 fällig."
    ]
