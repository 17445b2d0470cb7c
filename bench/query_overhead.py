"""What Senter adds to a query: its API against an instant OpenAI-compatible server called directly.

Senter's worker asks the same server. Each round asks once directly, once over the Unix socket and once over
TCP, on kept-open connections; through Senter the question is stored, prompted, answered, stored and announced.

Then how much later the first word comes of answers that are written word by word, as fast as the default model writes
them. What can begin a claim of something done is held until it is checked: answers that begin so are told apart.
"""

from __future__ import annotations

import argparse
import statistics
import time

from measuring.homes import daemon, scripted_models
from measuring.http import Caller, over_daemons_tcp, over_tcp, over_unix
from measuring.report import Report, quantile, run_figure
from measuring.scripted import ScriptedServer, scripted_server
from tests.scripted_model import answering
from tests.support.daemon import model_server

WARM_UP = 30
QUESTION = "What is Python?"
QUERY = {"text": QUESTION}
CHAT = {"model": "scripted", "messages": [{"role": "user", "content": QUESTION}], "max_tokens": 500, "stream": True}
STREAMED = {"text": QUESTION, "stream": True}
WORD_SECONDS = 0.08
FIRST_WORD_ROUNDS = 5
ANSWERS = (
    "Python is a programming language.",
    "The capital of Australia is Canberra.",
    "Rivers carry water to the sea.",
    "There are seven days in a week.",
    "Bread is made of flour and water.",
)
GUARDED_ANSWERS = ("I think that tea is healthy.", "You can use a list here.", "It is a kind of bird.")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=400)
    rounds: int = options.parse_args().rounds
    run_figure(lambda: measure(rounds), limit_seconds=180)


def measure(rounds: int) -> Report:
    report = Report("query_overhead", "what Senter adds to a query, against calling the model's server directly")
    found: dict[str, list[float]] = {"direct": [], "unix": [], "tcp": []}
    with (
        scripted_server() as server,
        daemon(scripted_models(server)) as started,
        over_tcp(server.port) as direct,
        over_unix(started) as unix,
        over_daemons_tcp(started) as tcp,
    ):
        for _ in range(WARM_UP + rounds):
            found["direct"].append(direct.timed_post("/v1/chat/completions", CHAT))
            found["unix"].append(unix.timed_post("/api/query", QUERY))
            found["tcp"].append(tcp.timed_post("/api/query", QUERY))
    found = {name: values[WARM_UP:] for name, values in found.items()}
    for name, values in found.items():
        report.measured(name, values)
    for name in ("unix", "tcp"):
        added = statistics.median(found[name]) - statistics.median(found["direct"])
        report.at_most(f"{name}: p50 added", added, 8, "ms")
        report.at_most(f"{name}: p95 added", quantile(found[name], 95) - quantile(found["direct"], 95), 20, "ms")
    _measure_first_words(report)
    return report


def _measure_first_words(report: Report) -> None:
    added: dict[str, list[float]] = {"first_word_added": [], "first_word_added_where_held": []}
    with model_server() as model:
        server = ScriptedServer(int(model.url.rpartition(":")[2].partition("/")[0]))
        with daemon(scripted_models(server)) as started, over_unix(started) as senter, over_tcp(server.port) as direct:
            for name, answers in zip(added, (ANSWERS, GUARDED_ANSWERS), strict=True):
                for answer in answers * FIRST_WORD_ROUNDS:
                    first, *others = answer.split()
                    model.script = [answering(first, *(f" {word}" for word in others), delay_seconds=WORD_SECONDS)]
                    without = _first_word(direct, "/v1/chat/completions", CHAT, b'data: {"choices"')
                    added[name].append(_first_word(senter, "/api/query", STREAMED, b"event: delta") - without)
    for name, values in added.items():
        report.measured(name, values)
    typical = statistics.median(added["first_word_added"])
    report.at_most("first word of an answer that begins no claim: p50 added", typical, 40, "ms")


def _first_word(caller: Caller, path: str, body: object, wanted: bytes) -> float:
    """Milliseconds until the first piece of text is there."""
    begun, first = time.perf_counter(), 0.0
    with caller.open(path, body) as response:
        while line := response.readline():
            if not first and line.startswith(wanted) and b'"content": ""' not in line:
                first = time.perf_counter()
    return (first - begun) * 1_000


if __name__ == "__main__":
    main()
