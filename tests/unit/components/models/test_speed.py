"""What follows from how fast a model is, and how that is kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senter.components.models.machine import machine, memory_bytes, physical_cores, spares_memory
from senter.components.models.speed import (
    LARGEST_BATCH,
    LEAST_BATCH,
    Chosen,
    ModelSpeed,
    SpeedRecords,
    TimedRun,
    assumed_speed,
    best_of,
    threads_to_try,
)

SPEED = ModelSpeed(read=75, write=17, reading_threads=2, writing_threads=1)


def chosen(file: Path, threads: int = 0, *, spares: bool = False) -> Chosen:
    return Chosen(file, threads, spares)


rates = st.floats(min_value=0.1, max_value=100_000)


@pytest.mark.parametrize(("read", "tokens"), [(1, 8), (75, 22), (230, 69), (5_000, 128)])
def test_a_batch_is_what_it_reads_in_a_third_of_a_second(read: float, tokens: int) -> None:
    assert SPEED.model_copy(update={"read": read}).batch_tokens == tokens


@given(rates)
def test_a_batch_stays_within_its_bounds(read: float) -> None:
    assert LEAST_BATCH <= SPEED.model_copy(update={"read": read}).batch_tokens <= LARGEST_BATCH


def test_time_outs_grow_with_what_is_to_be_read_and_written_and_leave_a_margin() -> None:
    short, long = SPEED.timeouts(3, 10, 10), SPEED.timeouts(3, 1_500, 2_000)
    assert (short.silence, short.answer) == (30, 60)
    assert long.silence > 2 * 1_500 / 75
    assert long.answer > 2 * 2_000 / 17
    assert SPEED.longest_prompt_tokens == 1_500


@pytest.mark.parametrize(
    ("cores", "tried"), [(1, (1,)), (2, (1, 2)), (6, (1, 2, 4, 6)), (8, (1, 2, 4, 8)), (64, (1, 2, 4, 8, 16, 32, 64))]
)
def test_one_thread_two_and_so_on_are_tried_and_all_cores(cores: int, tried: tuple[int, ...]) -> None:
    assert threads_to_try(cores) == tried


def test_the_fewest_threads_that_are_as_good_are_taken_for_each() -> None:
    runs = [TimedRun(1, 37, 17.2), TimedRun(2, 74, 17.5), TimedRun(4, 76, 12)]
    best = best_of(runs)
    assert (best.reading_threads, best.read) == (2, 74)
    assert (best.writing_threads, best.write) == (1, 17.2)


def test_until_it_was_measured_a_larger_file_is_taken_to_be_slower(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(b"x" * 10)
    large.write_bytes(b"x" * 1_000)
    assert assumed_speed(chosen(small)).read > assumed_speed(chosen(large)).read
    assert not assumed_speed(chosen(small)).measured
    assert assumed_speed(chosen(small, 3)).reading_threads == 3
    assert 1 <= assumed_speed(chosen(tmp_path / "absent")).writing_threads <= 4


def test_what_was_measured_is_kept_for_this_content_and_these_threads(tmp_path: Path) -> None:
    model, records = tmp_path / "model.gguf", SpeedRecords(tmp_path / "speed.json")
    model.write_bytes(b"GGUF")
    assert records.find(chosen(model)) is None
    records.keep(chosen(model), SPEED)
    assert SpeedRecords(tmp_path / "speed.json").find(chosen(model)) == SPEED
    assert records.find(chosen(model, 2)) is None
    assert records.find(chosen(model, spares=True)) == SPEED
    faster = SPEED.model_copy(update={"read": 99})
    records.keep(chosen(model), faster)
    assert records.find(chosen(model)) == faster
    model.write_bytes(b"GGUF and more")
    assert records.find(chosen(model)) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a": {"read": -1}}', b"\xff"])
def test_a_damaged_record_is_as_none_and_is_written_anew(tmp_path: Path, content: bytes) -> None:
    model, file = tmp_path / "model.gguf", tmp_path / "speed.json"
    model.write_bytes(b"GGUF")
    file.write_bytes(content)
    assert SpeedRecords(file).find(chosen(model)) is None
    SpeedRecords(file).keep(chosen(model), SPEED)
    assert SpeedRecords(file).find(chosen(model)) == SPEED


def test_records_of_long_ago_are_forgotten(tmp_path: Path) -> None:
    model, file = tmp_path / "model.gguf", tmp_path / "speed.json"
    model.write_bytes(b"GGUF")
    for threads in range(1, 31):
        SpeedRecords(file).keep(chosen(model, threads), SPEED)
    assert SpeedRecords(file).find(chosen(model, 30)) == SPEED
    assert SpeedRecords(file).find(chosen(model, 1)) is None


def test_this_machine_is_known_by_its_cores_and_memory() -> None:
    assert 1 <= physical_cores() <= (os.cpu_count() or 1)
    assert memory_bytes() > 10**8
    assert f"{physical_cores()} cores" in machine()
    assert spares_memory("auto") == (memory_bytes() < 8.6e9)
    assert (spares_memory("yes"), spares_memory("no")) == (True, False)
