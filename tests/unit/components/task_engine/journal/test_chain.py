from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from senter.components.task_engine.journal.chain import START, ChainEnd, linked, verify
from senter.messages.approvals import AuditEntry

BEGUN = datetime(2026, 11, 20, 21, 40, tzinfo=UTC)
LINES = st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8), st.text()), max_size=12)


def chain_of(lines: Sequence[tuple[str, str, str, str]]) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    for number, line in enumerate(lines):
        last = ChainEnd(entries[-1].number, entries[-1].digest) if entries else START
        entries.append(linked(last, BEGUN + timedelta(seconds=number), *line))
    return entries


def test_a_chain_has_the_documented_digests() -> None:
    """Computed here as the format says, with nothing of the code under test."""
    first, second = chain_of([("user", "goal_created", "1", "Learn"), ("task_engine", "grant_given", "1", "é")])
    line = (
        f'["senter-audit-1","{first.digest}",2,"2026-11-20T21:40:01.000000+00:00","task_engine","grant_given","1",'
        f'"{hashlib.sha256("é".encode()).hexdigest()}"]'
    )
    assert second.digest == hashlib.sha256(line.encode()).hexdigest()
    assert first.digest.startswith("1cc94f5c0f1134f6d5ad298050be5725")


@given(LINES)
def test_a_chain_that_nobody_touched_holds(lines: list[tuple[str, str, str, str]]) -> None:
    entries = chain_of(lines)
    verdict = verify(entries)
    assert verdict.intact
    assert verdict.entries == len(lines)
    assert verdict.head == (entries[-1].digest if entries else START.head)


@given(LINES, st.data())
def test_texts_can_be_erased_without_breaking_the_chain(
    lines: list[tuple[str, str, str, str]], data: st.DataObject
) -> None:
    entries = chain_of(lines)
    gone = data.draw(st.sets(st.sampled_from(range(len(entries))))) if entries else set[int]()
    assert verify(e.model_copy(update={"text": None}) if n in gone else e for n, e in enumerate(entries)).intact


CHANGES = st.sampled_from(["actor", "action", "subject", "text", "content_digest", "digest", "at", "number"])


@given(LINES.filter(bool), CHANGES, st.data())
def test_any_change_to_an_entry_is_found_at_that_entry(
    lines: list[tuple[str, str, str, str]], field: str, data: st.DataObject
) -> None:
    entries = chain_of(lines)
    place = data.draw(st.integers(0, len(entries) - 1))
    old = entries[place]
    assert old.at is not None
    other = {"at": old.at + timedelta(microseconds=1), "number": old.number + 1}.get(field, f"{getattr(old, field)}x")
    entries[place] = old.model_copy(update={field: other})
    verdict = verify(entries)
    assert not verdict.intact
    assert verdict.broken_at == place + 1


@given(LINES.filter(lambda lines: len(lines) > 1), st.data())
def test_an_entry_that_is_left_out_moved_or_doubled_is_found(
    lines: list[tuple[str, str, str, str]], data: st.DataObject
) -> None:
    entries = chain_of(lines)
    place = data.draw(st.integers(0, len(entries) - 2))
    assert verify(entries[:place] + entries[place + 1 :]).broken_at == place + 1
    assert verify(entries[: place + 1] + entries[place:]).broken_at == place + 2
    entries[place], entries[place + 1] = entries[place + 1], entries[place]
    assert verify(entries).broken_at == place + 1


@given(LINES.filter(lambda lines: len(lines) > 1), st.data())
def test_a_rewritten_end_does_not_hold_the_head_that_was_noted(
    lines: list[tuple[str, str, str, str]], data: st.DataObject
) -> None:
    entries = chain_of(lines)
    place = data.draw(st.integers(0, len(entries) - 1))
    changed = [*lines[:place], (*lines[place][:3], lines[place][3] + "x"), *lines[place + 1 :]]
    assert verify(chain_of(changed)).intact
    assert verify(chain_of(changed)).head != verify(entries).head


@given(LINES.filter(bool), st.data())
def test_a_part_of_a_chain_holds_by_itself(lines: list[tuple[str, str, str, str]], data: st.DataObject) -> None:
    entries = chain_of(lines)
    start = data.draw(st.integers(1, len(entries)))
    assert verify(entries[start:], ChainEnd(start, entries[start - 1].digest)).intact


def test_the_zone_in_which_a_time_is_given_does_not_matter() -> None:
    entry = linked(START, BEGUN, "user", "asked", "1", "")
    elsewhere = entry.model_copy(update={"at": BEGUN.astimezone(timezone(timedelta(hours=5)))})
    assert verify([elsewhere]).intact


def test_fields_cannot_be_shifted_into_each_other() -> None:
    one = linked(START, BEGUN, "ab", "c", "d", "")
    other = linked(START, BEGUN, "a", "bc", "d", "")
    assert one.digest != other.digest
