"""The logs: what is written, what is hidden, rotation under several processes, and reading back."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from structlog.stdlib import BoundLogger

import senter
from senter.logs import writing
from senter.logs.files import KEPT_FILES, log_files
from senter.logs.handlers import OwnFileHandler, SharedFileHandler
from senter.logs.reading import Record, follow, read_tail
from senter.logs.records import parse_line, render_line
from senter.masking import mask, mask_text, remember
from tests.support.plain_logs import log_plainly

DEADLINE_SECONDS = 20.0
CHILD_ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(senter.__file__).parents[1])}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[BoundLogger]:
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    yield writing.configure(tmp_path / "assistant.log", level="info", component="assistant")
    logging.captureWarnings(capture=False)
    for handler in [*root.handlers]:
        if handler not in handlers:
            root.removeHandler(handler)
            handler.close()
    root.setLevel(level)
    structlog.reset_defaults()
    log_plainly()


def records(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_record_is_one_json_line_with_the_fields_every_record_has(log: BoundLogger, tmp_path: Path) -> None:
    log.info("query_answered", latency_seconds=1.5, text="two\nlines")
    (line,) = (tmp_path / "assistant.log").read_text().splitlines()
    record = json.loads(line)
    assert list(record)[:4] == ["timestamp", "level", "component", "event"]
    assert record["timestamp"].endswith("Z")
    assert (record["level"], record["component"], record["event"]) == ("info", "assistant", "query_answered")
    assert (record["latency_seconds"], record["text"]) == (1.5, "two\nlines")


def test_the_five_levels_are_written_from_the_chosen_one_up(log: BoundLogger, tmp_path: Path) -> None:
    for level in ("debug", "info", "warning", "error", "critical"):
        getattr(log, level)("something")
    assert [r["level"] for r in records(tmp_path / "assistant.log")] == ["info", "warning", "error", "critical"]
    assert [r["level"] for r in records(tmp_path / "health.log")] == ["error", "critical"]


def test_an_exception_is_logged_with_its_traceback(log: BoundLogger, tmp_path: Path) -> None:
    try:
        raise ValueError("boom")
    except ValueError:
        log.exception("work_failed")
    (record,) = records(tmp_path / "health.log")
    assert record["event"] == "work_failed"
    assert str(record["traceback"]).startswith("Traceback (most recent call last)")
    assert str(record["traceback"]).endswith("ValueError: boom")


def test_what_libraries_log_goes_the_same_way(log: BoundLogger, tmp_path: Path) -> None:
    logging.getLogger("some_library").warning("%s is slow", "disk")
    (record,) = records(tmp_path / "assistant.log")
    assert (record["event"], record["message"], record["logger"]) == (
        "library_message",
        "disk is slow",
        "some_library",
    )
    assert record["component"] == "assistant"


def test_what_is_known_to_be_a_secret_never_reaches_the_file(log: BoundLogger, tmp_path: Path) -> None:
    remember(["kn0wn-secret", "short"])
    log.info("said", text="it is kn0wn-secret and short", within={"list": ["kn0wn-secret"]})
    logging.getLogger("library").warning("got %s", "kn0wn-secret")
    written = "".join(path.read_text() for path in tmp_path.glob("*.log"))
    assert "kn0wn-secret" not in written
    assert "it is *** and short" in written


def test_secrets_never_reach_the_file(log: BoundLogger, tmp_path: Path) -> None:
    log.info("asked", api_key="s3cret", headers={"Authorization": "Bearer s3cret", "X-Api-Key": "s3cret"})
    log.info("asked", url="http://me:s3cret@host", error="401 for Bearer s3cret", nested=[{"password": "s3cret"}])
    logging.getLogger("httpx2").error("token=s3cret refused", extra={"token": "s3cret"})
    try:
        raise RuntimeError("connect to nats://a:s3cret@127.0.0.1 failed")
    except RuntimeError:
        log.exception("work_failed")
    written = (tmp_path / "assistant.log").read_text() + (tmp_path / "health.log").read_text()
    assert "s3cret" not in written
    assert written.count("***") >= 8


@pytest.mark.parametrize("value", [float("nan"), b"\xff", object(), "\ud800", {1: {2: [3]}}, {"a": (1, 2)}, {1, 2}])
def test_any_value_can_be_logged(log: BoundLogger, tmp_path: Path, value: object) -> None:
    log.info("seen", value=value)
    assert len(read_tail([tmp_path / "assistant.log"], 9)) == 1


def test_a_value_that_holds_itself_and_one_without_end_are_cut(log: BoundLogger, tmp_path: Path) -> None:
    loop: dict[str, object] = {}
    loop["loop"] = loop
    log.info("seen", loop=loop, text="x" * 1_000_000)
    assert (tmp_path / "assistant.log").stat().st_size < 50_000


def test_configuring_again_leaves_the_old_file_alone(log: BoundLogger, tmp_path: Path) -> None:
    log.info("before")
    again = writing.configure(tmp_path / "reporter.log", level="info", component="reporter")
    again.info("after")
    assert [r["event"] for r in records(tmp_path / "assistant.log")] == ["before"]
    assert [r["component"] for r in records(tmp_path / "reporter.log")] == ["reporter"]


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    own, shared = OwnFileHandler(tmp_path / "gone" / "a.log"), SharedFileHandler(tmp_path / "gone" / "health.log")
    for handler in (own, shared):
        handler.handle(logging.makeLogRecord({"msg": "lost"}))
    assert (own.lost, shared.lost) == (1, 1)


def test_a_log_is_rotated_and_five_old_ones_are_kept(log: BoundLogger, tmp_path: Path) -> None:
    log = writing.configure(tmp_path / "small.log", level="info", component="small", largest_bytes=2_000)
    for number in range(500):
        log.info("counted", number=number)
    names = {path.name for path in tmp_path.glob("small.log*")}
    assert names == {"small.log", *(f"small.log.{number}" for number in range(1, KEPT_FILES + 1))}
    assert all(path.stat().st_size <= 2_000 for path in tmp_path.glob("small.log*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("*.log*")} == {0o600}
    assert [record["number"] for record in read_tail([tmp_path / "small.log"], 30)] == list(range(470, 500))


_WRITER = """
import sys
from pathlib import Path
import senter
from senter.logs import writing
from senter.clock import SystemClock
name, folder, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
log = writing.configure(folder / f"{name}.log", level="info", component=name, largest_bytes=40_000)
for number in range(count):
    log.error("counted", number=number, filler="x" * 100)
"""


@pytest.mark.process
def test_processes_share_health_log_without_mixing_or_losing_lines(tmp_path: Path) -> None:
    names, count = ("one", "two", "three"), 200
    writers = [
        subprocess.Popen([sys.executable, "-P", "-c", _WRITER, name, tmp_path, str(count)], env=CHILD_ENVIRONMENT)
        for name in names
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]
    assert (tmp_path / "health.log.1").exists()
    found = [record for path in tmp_path.glob("health.log*") for record in records(path)]
    for name in names:
        numbers = [record["number"] for record in found if record["component"] == name]
        assert sorted(map(str, numbers)) == sorted(map(str, range(count)))


def write(path: Path, *stamps: int, level: str = "info") -> None:
    with path.open("a") as file:
        for second in stamps:
            stamp = f"2026-11-20T12:00:{second:02}.000000Z"
            line = {"timestamp": stamp, "level": level, "component": path.stem, "event": "tick", "n": second}
            file.write(json.dumps(line) + "\n")


def numbers(found: list[Record]) -> list[object]:
    return [record.get("n") for record in found]


def test_the_tail_of_several_logs_is_in_order_of_time(tmp_path: Path) -> None:
    write(tmp_path / "a.log", 1, 4, 5)
    write(tmp_path / "b.log", 2, 3, 6)
    write(tmp_path / "health.log", 9)
    assert numbers(read_tail(log_files(tmp_path), 4)) == [3, 4, 5, 6]
    assert numbers(read_tail(log_files(tmp_path, "a"), 2)) == [4, 5]
    assert read_tail(log_files(tmp_path, "none"), 5) == []
    assert read_tail(log_files(tmp_path), 0) == []


def test_the_tail_may_be_limited_to_a_level(tmp_path: Path) -> None:
    write(tmp_path / "a.log", 1, level="error")
    write(tmp_path / "a.log", 2, 3, level="debug")
    write(tmp_path / "a.log", 4, level="warning")
    assert numbers(read_tail(log_files(tmp_path), 5, "warning")) == [1, 4]


def test_the_tail_of_a_log_longer_than_a_block_is_whole(tmp_path: Path) -> None:
    with (tmp_path / "a.log").open("w") as file:
        file.writelines(json.dumps({"event": "e", "n": n, "text": "é" * (n % 700)}) + "\n" for n in range(600))
    assert numbers(read_tail([tmp_path / "a.log"], 1_000)) == list(range(600))


def test_lines_of_other_programs_are_shown_in_their_place(tmp_path: Path) -> None:
    (tmp_path / "nats-server.log").write_text(
        "[77] 2026/11/20 12:00:02.500000 [ERR] slow consumer\n[77] 2026/11/20 12:00:09.000000 [INF] bye\nplain words\n"
    )
    write(tmp_path / "a.log", 2, 3)
    found = read_tail(log_files(tmp_path), 9)
    assert [r["event"] for r in found] == ["tick", "slow consumer", "tick", "bye", "plain words"]
    assert [r["level"] for r in found] == ["info", "error", "info", "info", "info"]


class Enough(Exception):
    """Raised by the waiting of a test to end the following."""


def collect(folder: Path, *steps: Callable[[], None]) -> list[object]:
    """What is followed while one step is done at each wait."""
    found: list[object] = []
    pending = iter(steps)

    def wait(_seconds: float) -> None:
        step = next(pending, None)
        if step is None:
            raise Enough
        step()

    with pytest.raises(Enough):
        for record in follow(lambda: log_files(folder), wait=wait):
            found.append(record.get("n", record["event"]))  # noqa: PERF401 - what came before the end counts
    return found


def test_following_shows_what_is_written_from_now_on_in_order_of_time(tmp_path: Path) -> None:
    write(tmp_path / "a.log", 1)

    def both() -> None:
        write(tmp_path / "a.log", 3, 5)
        write(tmp_path / "b.log", 2, 4)

    assert collect(tmp_path, both, lambda: write(tmp_path / "a.log", 6)) == [2, 3, 4, 5, 6]


def test_following_goes_on_over_a_rotation_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    write(path, 1)

    def rotate() -> None:
        write(path, 2)
        path.replace(tmp_path / "a.log.1")
        write(path, 3)

    assert collect(tmp_path, rotate, lambda: write(path, 4)) == [2, 3, 4]


def test_following_waits_for_the_rest_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.touch()

    def half() -> None:
        path.write_text('{"event": "t')

    def rest() -> None:
        with path.open("a") as file:
            file.write('ick"}\n')

    assert collect(tmp_path, half, rest) == ["tick"]


@pytest.mark.process
def test_following_sees_another_process_write(tmp_path: Path) -> None:
    ends = time.monotonic() + DEADLINE_SECONDS
    writer = subprocess.Popen([sys.executable, "-P", "-c", _WRITER, "one", tmp_path, "3"], env=CHILD_ENVIRONMENT)

    def wait(seconds: float) -> None:
        if time.monotonic() > ends:
            raise Enough
        writer.poll()
        time.sleep(seconds)

    seen: list[object] = []
    with closing(follow(lambda: log_files(tmp_path, "one"), wait=wait)) as new_records:
        seen.extend(record["number"] for record in islice(new_records, 3))
    assert writer.wait(timeout=DEADLINE_SECONDS) == 0
    assert seen == [0, 1, 2]


def test_a_record_reads_as_a_line_with_its_traceback_below() -> None:
    record: Record = {
        "timestamp": "2026-11-20T12:00:00.000000Z",
        "level": "error",
        "component": "assistant",
        "event": "work_failed",
        "error": "two words",
        "count": 2,
        "pid": 7,
        "traceback": "Traceback\n  boom",
    }
    first, *below = render_line(record).splitlines()
    assert first.endswith('ERROR    assistant        work_failed error="two words" count=2')
    assert below == ["    Traceback", "      boom"]


def test_the_line_of_a_start_shows_the_process() -> None:
    record: Record = {"timestamp": "", "level": "info", "component": "api", "event": "started", "pid": 7}
    assert render_line(record).endswith("started pid=7")


def test_a_logged_text_cannot_steer_the_terminal() -> None:
    line = render_line(
        {"timestamp": "", "level": "info", "component": "a", "event": "e\x1b[2J", "x": "\u009b31m\ud800\u202e"}
    )
    assert "\x1b" not in line
    assert line.endswith(r"x=\x9b31m\ud800\u202e")
    assert "\u009b" not in line
    line.encode()


@given(st.text(max_size=80))
def test_any_line_can_be_read_and_shown(line: str) -> None:
    render_line(parse_line(line, "a")).encode()


@given(st.dictionaries(st.text(max_size=8), st.recursive(st.none() | st.text(max_size=8) | st.integers(), st.lists)))
def test_any_record_can_be_shown(record: dict[str, object]) -> None:
    render_line(parse_line(json.dumps({"event": "e"} | record), "a")).encode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("nats://user:pw@127.0.0.1:4222", "nats://user:***@127.0.0.1:4222"),
        ("http://127.0.0.1:8765/api", "http://127.0.0.1:8765/api"),
        ('{"api_key": "abc"}', '{"api_key": "***"}'),
        ("token=abc&x=1", "token=***&x=1"),
        ("500 tokens in 3 s", "500 tokens in 3 s"),
        ("the token was refused", "the token was refused"),
    ],
)
def test_secrets_in_texts_are_masked_and_nothing_else_is(text: str, shown: str) -> None:
    assert mask_text(text) == shown


def test_a_name_that_only_looks_like_a_secret_is_shown() -> None:
    assert mask("completion_tokens", 5) == 5
    assert mask("models.primary.api_key", "x") == "***"
    assert mask("api_key", "") == ""


@pytest.mark.process
def test_reading_logs_needs_only_the_standard_library() -> None:
    code = "import senter.logs.reading, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], env=CHILD_ENVIRONMENT, capture_output=True, text=True, check=True
    )
    assert not {"structlog", "pydantic", "rich", "asyncio", "logging"} & set(done.stdout.split())
