"""Where a quotation stands: its page, its slide or its section."""

from __future__ import annotations

from pathlib import Path

import pytest

from senter.components.assistant.mine.places import place_under
from tests.support.household import write_studio_papers
from tests.support.papers_room import room_over


@pytest.mark.parametrize(
    ("headings", "told"),
    [
        ("Page 2", "page 2"),
        ("Page 2 / Rent", "page 2"),
        ("Slide 3: Costs", "slide 3"),
        ("House rules", ""),
        ("House rules / Quiet hours", 'section "Quiet hours"'),
        ("", ""),
    ],
)
def test_headings_tell_where_a_piece_stands(headings: str, told: str) -> None:
    assert place_under(headings) == told


async def test_pages_and_slides_are_cited(tmp_path: Path) -> None:
    write_studio_papers(tmp_path / "papers")
    async with room_over(tmp_path, tmp_path / "papers") as room:
        lease = await room.find("when does our lease end")
        talk = await room.find("how big should letters on a shop sign be")

    assert lease.answers[0].quote.endswith("mietvertrag_birkenallee.pdf, page 3)")
    assert talk.answers[0].quote.endswith("talk_typography.pptx, slide 3)")
