"""The newest version of a paper answers, and the older is named; whoever asks for the older one gets it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from senter.components.assistant.mine.versions import PaperVersion, is_newer
from tests.support.papers_room import room_over

LEASE = "Lease agreement\n\nThe rent is {} euros a month.\n\nThe lease was signed by {}.\n"
OLD, NEW = LEASE.format(890, "Ms Ott"), LEASE.format(930, "Mr Ude")


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("lease_2024.txt", "lease_2025.txt"),
        ("lease_2024.txt", "lease_2025 (1).txt"),
        ("lease.txt", "lease (1).txt"),
        ("lease v1.txt", "lease v2.txt"),
        ("lease_v1.9.txt", "lease_v1.10.txt"),
        ("lease draft.txt", "lease.txt"),
        ("lease.txt", "lease final.txt"),
        ("Vertrag alt.txt", "Vertrag neu.txt"),
        ("2024-05-01 lease.txt", "2025-01-31 lease.txt"),
        ("lease 01.05.2024.txt", "lease 31.01.2025.txt"),
    ],
)
def test_names_tell_which_is_newer_before_files_do(older: str, newer: str) -> None:
    late, early = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    one, other = PaperVersion(f"/a/{older}", OLD, late), PaperVersion(f"/b/{newer}", NEW, early)
    assert one.is_version_of(other)
    assert is_newer(other, one)
    assert not is_newer(one, other)


def test_where_names_do_not_tell_dates_in_them_do_and_then_the_files() -> None:
    late, early = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    of = [PaperVersion("/a/lease.txt", f"It begins on 1 April {year}. {NEW}", early) for year in (2024, 2025)]
    assert is_newer(of[1], of[0])
    assert is_newer(PaperVersion("/b/lease.txt", NEW, late), PaperVersion("/a/lease.txt", NEW, early))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rohrfix_4471.txt", "rohrfix_4620.txt"),
        ("allianz_car.txt", "axa_car.txt"),
        ("lease.txt", "lease annex.txt"),
        ("2024.txt", "2025.txt"),
    ],
)
def test_other_papers_are_no_versions(one: str, other: str) -> None:
    assert not PaperVersion(f"/a/{one}", OLD).is_version_of(PaperVersion(f"/a/{other}", OLD))


def test_papers_of_one_name_with_other_words_are_no_versions() -> None:
    other = "Goulash\n\nBraise the beef with onions for hours.\n"
    assert not PaperVersion("/a/notes_2024.txt", OLD).is_version_of(PaperVersion("/a/notes_2025.txt", other))


@pytest.mark.parametrize(
    ("question", "first", "named", "lacks"),
    [
        ("how much is the rent", "930 euros", '; it is newer than lease_2024.txt, which says "The rent is 890', ""),
        ("how much was the rent in the old lease", "890 euros", "; it is older than lease_2025.txt", ""),
        ("how much was the rent in 2024", "890 euros", "; it is older than lease_2025.txt", ""),
        ("who signed the lease of 2024", "Ms Ott", "", "; it is newer"),
        ("who signed the lease", "Mr Ude", 'which says "The lease was signed by Ms Ott."', ""),
        ("what is said about the cellar", "The cellar is dry.", "", "newer"),
        ("is smoking forbidden", "Smoking is forbidden.", "which says the same", ""),
    ],
)
async def test_the_version_that_is_meant_answers(
    tmp_path: Path, question: str, first: str, named: str, lacks: str
) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    both = "\nSmoking is forbidden.\n"
    (papers / "lease_2024.txt").write_text(f"{OLD}{both}\nThe cellar is dry.\n")
    (papers / "lease_2025.txt").write_text(f"{NEW}{both}")
    os.utime(papers / "lease_2025.txt", (1, 1))
    async with room_over(tmp_path, papers) as room:
        quote = (await room.find(question)).answers[0].quote
    assert first in quote.split(";")[0]
    assert named in quote
    assert not lacks or lacks not in quote


OFFER = (
    "Offer, exhibition\n\nStudio North, {}\n\nWe offer you the design of the whole exhibition with a poster.\n\n"
    "The price of the design is {} euros.\n"
)


async def test_a_paper_that_was_renamed_is_a_version_where_it_begins_alike_and_is_of_another_day(
    tmp_path: Path,
) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "offer_2026-03-02.txt").write_text(OFFER.format("2 March 2026", 6800))
    (papers / "museum amber.txt").write_text(OFFER.format("18 May 2026", 7350))
    async with room_over(tmp_path, papers) as room:
        found = await room.find("what is the price of the design")

    assert found.answers[0].source == "museum amber.txt"
    assert "it is newer than offer_2026-03-02.txt" in found.answers[0].quote


def test_papers_of_one_day_or_with_other_titles_are_not_versions() -> None:
    day, later = OFFER.format("2 March 2026", 6800), OFFER.format("18 May 2026", 7350)
    other = later.replace("Offer, exhibition", "Offer, exhibition 2")
    assert not PaperVersion("/p/a.txt", day).is_version_of(PaperVersion("/p/b.txt", day))
    assert not PaperVersion("/p/a.txt", day).is_version_of(PaperVersion("/p/b.txt", other))
    assert PaperVersion("/p/a.txt", day).is_version_of(PaperVersion("/p/b.txt", later))
