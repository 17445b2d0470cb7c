"""What a turn costs over a query, and how soon a reader who comes back sees what it missed.

The cost is that of two requests, one that begins the turn and one that reads its events to the answer, against one
query that is streamed to its answer, in turns, with an instant model server. The reader hangs up after the first
piece of an answer that is being written, and comes back with the id of that event when more has been written.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import time
from http.client import HTTPResponse

from measuring.homes import daemon, scripted_models
from measuring.http import Caller, over_unix
from measuring.report import Report, quantile, run_figure
from measuring.scripted import ScriptedServer, scripted_server
from tests.scripted_model import answering
from tests.support.daemon import model_server
from tests.support.scratch import ScratchDaemon

WARM_UP = 30
QUESTION = "What is Python?"
PIECES = tuple(f"piece {number} " for number in range(12))
PIECE_SECONDS = 0.02
AWAY_SECONDS = 0.06

_numbers = itertools.count()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=300)
    options.add_argument("--reconnections", type=int, default=50)
    chosen = options.parse_args()
    run_figure(lambda: measure(chosen.rounds, chosen.reconnections), limit_seconds=180)


def measure(rounds: int, reconnections: int) -> Report:
    report = Report("turns", "a turn against a query, and a reader who comes back")
    with scripted_server() as server, daemon(scripted_models(server)) as started:
        _measure_cost(report, started, rounds)
    with model_server(answering(*PIECES, delay_seconds=PIECE_SECONDS)) as model:
        slow = ScriptedServer(int(model.url.rpartition(":")[2].partition("/")[0]))
        with daemon(scripted_models(slow)) as started:
            found = [_missed_then_shown(started) for _ in range(reconnections)]
    report.measured("missed_then_shown", found)
    report.at_most("event missed → shown after reconnect: p95", quantile(found, 95), 50, "ms")
    return report


def _measure_cost(report: Report, started: ScratchDaemon, rounds: int) -> None:
    found: dict[str, list[float]] = {"query": [], "turn": [], "begun": []}
    with over_unix(started) as caller:
        for _ in range(WARM_UP + rounds):
            found["query"].append(_timed_query(caller))
            begun, read = _timed_turn(caller)
            found["begun"].append(begun)
            found["turn"].append(read)
    found = {name: values[WARM_UP:] for name, values in found.items()}
    for name, values in found.items():
        report.measured(name, values)
    added = statistics.median(found["turn"]) - statistics.median(found["query"])
    report.at_most("a turn over a query: p50", added, 1, "ms")


def _timed_query(caller: Caller) -> float:
    """Milliseconds until the answer of a streamed query is read."""
    begun = time.perf_counter()
    _read_to(caller.open("/api/query", {"text": QUESTION, "stream": True}), b"event: answer")
    return (time.perf_counter() - begun) * 1_000


def _timed_turn(caller: Caller) -> tuple[float, float]:
    """Milliseconds until the turn's id is there, and until its answer is read."""
    begun = time.perf_counter()
    turn_id = _begin(caller)
    there = time.perf_counter()
    _read_to(caller.follow(f"/api/turns/{turn_id}/events"), b"event: answer")
    return (there - begun) * 1_000, (time.perf_counter() - begun) * 1_000


def _begin(caller: Caller) -> str:
    turn_id = f"turn-{next(_numbers)}"
    caller.post("/api/turns", {"text": QUESTION, "request_id": turn_id})
    return turn_id


def _missed_then_shown(started: ScratchDaemon) -> float:
    """Milliseconds from coming back until the reader has the piece that was written meanwhile."""
    with over_unix(started) as caller:
        turn_id = _begin(caller)
        place = _read_to(caller.follow(f"/api/turns/{turn_id}/events"), b"event: delta")
    time.sleep(AWAY_SECONDS)  # the model writes on
    begun = time.perf_counter()
    with over_unix(started) as caller:
        response = caller.follow(f"/api/turns/{turn_id}/events", place)
        _read_to(response, b"event: delta")
        shown = (time.perf_counter() - begun) * 1_000
        _read_to(response, b"event: answer")
    return shown


def _read_to(response: HTTPResponse, wanted: bytes) -> str:
    """Read up to the first such event, and to the end where it is the answer. Returns the event's id."""
    place = ""
    while (line := response.readline()) and not line.startswith(wanted):
        place = line.removeprefix(b"id: ").strip().decode() if line.startswith(b"id: ") else place
    if wanted.endswith(b"answer"):
        response.read()
    else:
        response.readline()
        response.readline()
    return place


if __name__ == "__main__":
    main()
