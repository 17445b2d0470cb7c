"""A whole Senter in one process lives by the clock that is moved."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.said_times import Times
from tests.support.what_exists import Existing
from tests.support.whole_senter import MovedClock, whole_senter

START = datetime(2026, 11, 30, 9, tzinfo=UTC)
A_MOMENT = timedelta(seconds=30)


async def test_whoever_sleeps_past_a_jump_wakes_and_others_sleep_on() -> None:
    clock = MovedClock(START)
    short, long = asyncio.create_task(clock.sleep(3_600)), asyncio.create_task(clock.sleep(7_200))
    await asyncio.sleep(0)

    clock.move_to(START + timedelta(hours=1, minutes=1))
    await short

    assert timedelta(0) <= clock.now() - START - timedelta(hours=1, minutes=1) < A_MOMENT
    assert not long.done()
    long.cancel()


async def test_a_clock_goes_only_forwards() -> None:
    clock = MovedClock(START)

    clock.move_to(START - timedelta(days=1))

    assert clock.now() >= START


async def test_what_is_said_is_answered_on_the_moved_clock_and_a_file_is_found(tmp_path: Path) -> None:
    async with whole_senter(tmp_path, START, "Europe/Berlin") as senter:
        await senter.move_to(START + timedelta(days=2))
        reply = await senter.say("What is the capital of Australia?")
        note = tmp_path / "data" / "notes" / "nora.md"
        note.parent.mkdir(exist_ok=True)
        note.write_text("Nora is allergic to peanuts", encoding="utf-8")

        assert reply.response == "Canberra."
        assert timedelta(0) <= reply.asked_at - START - timedelta(days=2) < A_MOMENT
        assert await senter.what_exists() == [Existing("note", "Nora is allergic to peanuts", Times())]
