"""Many clients at once, and many queries in a row: all answered, or refused at once; none lost; memory stays.

The model is an instant scripted server, which for the crowds takes 20 ms an answer, so that they really wait. Over
the API's Unix socket, each client of a crowd with a connection of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from measuring.costs import sum_of_pss_mib
from measuring.homes import daemon, scripted_models
from measuring.http import over_unix
from measuring.report import Report, quantile, run_figure
from measuring.scripted import scripted_server
from tests.support.scratch import ScratchDaemon

CROWD_QUESTION = "Please wait 20 ms."
QUESTION = {"text": "What is Python?"}
CROWD_SECONDS = 60.0
ANSWERED, REFUSED = 200, 429
# The api takes so many questions at once by default.
PLACES = 100
WARM_UP = 200


@dataclass(frozen=True)
class Reply:
    """What one client got, and after how long."""

    status: int
    milliseconds: float


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--in-a-row", type=int, default=1_000, help="the long row of queries")
    in_a_row: int = options.parse_args().in_a_row
    run_figure(lambda: measure(in_a_row), limit_seconds=240)


def measure(in_a_row: int) -> Report:
    report = Report("many_clients", "crowds of clients and rows of queries, with a scripted model")
    with scripted_server() as server, daemon(scripted_models(server)) as started:
        _row(started, WARM_UP)
        _measure_crowds(report, started)
        report.measured("hundred_in_a_row", rows := [_row(started, 100) for _ in range(3)], "s")
        report.at_most("100 in a row: slowest of 3", max(rows), 5, "s")
        before = sum_of_pss_mib(started.pids().values())
        report.single(f"{in_a_row}_in_a_row", _row(started, in_a_row), "s")
        after = sum_of_pss_mib(started.pids().values())
        report.single("memory_before", before, "MiB")
        report.single("memory_after", after, "MiB")
        report.at_most(f"growth of the sum of PSS over {in_a_row} in a row", after - before, 10, "MiB")
    return report


def _measure_crowds(report: Report, started: ScratchDaemon) -> None:
    few = asyncio.run(_crowd(started.paths.api_socket, 50))
    report.measured("fifty_at_once", [reply.milliseconds for reply in few])
    report.at_least("50 at once: answered", _count(few, ANSWERED), 50)
    many = asyncio.run(_crowd(started.paths.api_socket, 300))
    refused = [reply.milliseconds for reply in many if reply.status == REFUSED]
    answered = [reply.milliseconds for reply in many if reply.status == ANSWERED]
    report.measured("three_hundred_at_once_answered", answered)
    if refused:
        report.measured("three_hundred_at_once_refused", refused)
    report.at_least("300 at once: answered", len(answered), PLACES)
    report.at_least("300 at once: answered or refused with 429", len(answered) + len(refused), 300)
    report.at_most("300 at once: p95 until refused", quantile(refused, 95) if refused else 0, 1_000, "ms")


def _count(replies: Sequence[Reply], status: int) -> int:
    return sum(reply.status == status for reply in replies)


def _row(started: ScratchDaemon, count: int) -> float:
    """Seconds that `count` queries take, one after the other."""
    with over_unix(started) as caller:
        begun = time.perf_counter()
        for _ in range(count):
            caller.post("/api/query", QUESTION)
        return time.perf_counter() - begun


async def _crowd(path: Path, count: int) -> list[Reply]:
    """All connect first, then all ask at the same moment. A reply that never comes has status 0."""
    async with asyncio.timeout(CROWD_SECONDS):
        streams = [await asyncio.open_unix_connection(str(path)) for _ in range(count)]
        return await asyncio.gather(*(_ask(*stream) for stream in streams))


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Reply:
    body = json.dumps({"text": CROWD_QUESTION}).encode()
    head = "POST /api/query HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
    begun = time.perf_counter()
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    try:
        answer = await reader.read()
    except OSError:
        answer = b""
    finally:
        writer.close()
    status = int(answer.split(maxsplit=2)[1]) if answer else 0
    return Reply(status, (time.perf_counter() - begun) * 1_000)


if __name__ == "__main__":
    main()
