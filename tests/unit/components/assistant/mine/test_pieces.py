from __future__ import annotations

import time

from senter.components.assistant.mine.pieces import MOST_PIECES, pieces_of


def texts(text: str) -> list[str]:
    return [piece.text for piece in pieces_of(text)]


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
    assert [piece.headings for piece in pieces_of(text)] == ["Contract / Ending", "Contract / Rent"]


def test_a_short_first_line_is_what_a_plain_text_is_called() -> None:
    [piece] = pieces_of("WLAN\n\nPassword: tulpe\n")
    assert (piece.text, piece.headings) == ("Password: tulpe", "WLAN")


def test_marks_pictures_and_front_matter_are_not_quoted() -> None:
    text = "---\ntitle: x\n---\n\nSee ![p](http://evil.example/p.png) the **bold** [link](http://evil.example).\n"
    assert texts(text) == ["See p the bold link."]


def test_a_long_text_takes_no_long_time() -> None:
    begun = time.process_time()
    assert len(pieces_of("a: b\n| c\n- d\n" * 100_000)) <= MOST_PIECES
    assert time.process_time() - begun < 10
