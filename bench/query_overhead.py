"""What Senter adds to a query: its API against an instant OpenAI-compatible server called directly.

Senter's worker asks the same server. Each round asks once directly, once over the Unix socket and once over
TCP, on kept-open connections; through Senter the question is stored, prompted, answered, stored and announced.
"""

from __future__ import annotations

import argparse
import statistics

from measuring.homes import daemon, scripted_models
from measuring.http import over_daemons_tcp, over_tcp, over_unix
from measuring.report import Report, quantile, run_figure
from measuring.scripted import scripted_server

WARM_UP = 30
QUESTION = "What is Python?"
QUERY = {"text": QUESTION}
CHAT = {"model": "scripted", "messages": [{"role": "user", "content": QUESTION}], "max_tokens": 500, "stream": True}


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
    return report


if __name__ == "__main__":
    main()
