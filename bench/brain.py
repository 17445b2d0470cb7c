"""The default model on this machine: its first token, its speed beside llama.cpp's own server, and what it takes.

First tokens are those of streamed answers through the API, each in a conversation of its own, so with a prefix that is
warm. The peer is `llama-server`, found on the path or named, with the same file and options; both write the same number
of tokens to the same questions in turns, and are asked by the same client. Memory is the sum of what both workers
take, after both were asked: as this machine would have it, and as one with 8 GB would.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import AsyncExitStack, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

import structlog

from measuring.costs import pss_mib
from measuring.first_tokens import QUESTIONS, first_token_ms
from measuring.homes import brain, brain_file, daemon, facts, scratch_home, wait_for_model
from measuring.http import over_unix
from measuring.report import Report, run_figure
from senter.client import call_control
from senter.components.models.embedded import EmbeddedModel
from senter.components.models.endpoint import Endpoint, Timeouts
from senter.components.models.server import (
    MIN_P,
    PHRASE_LENGTH,
    PHRASE_PENALTY,
    PHRASE_TOKENS,
    REPEAT_PENALTY,
    REPEAT_TOKENS,
)
from senter.components.models.settings import PrimarySettings
from senter.components.models.speed import ModelSpeed, SpeedRecords
from senter.components.models.wire import ChatRequest
from senter.messages.model import ChatMessage
from senter.operations.scratch import wait_until
from senter.weights.catalogue import BRAIN
from tests.support.scratch import ScratchDaemon

STUDENT, STUDENTS = "student", Path(__file__).parent / "participants" / "student"
RESEARCH = "model_research"
WORKERS = ("model_primary", RESEARCH)
WRITTEN_TOKENS = 48
MIB = 1024 * 1024
WAITS = Timeouts(connect=5, silence=60, answer=120)
PEER_SECONDS = 60.0
LOAD_SECONDS, UNLOAD_SECONDS = 180.0, 120.0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=2, help="times that all five questions are asked")
    options.add_argument("--peer", type=Path, default=shutil.which("llama-server"), help="llama.cpp's llama-server")
    chosen = options.parse_args()
    run_figure(lambda: measure(chosen.rounds, chosen.peer), limit_seconds=900)


def measure(rounds: int, peer: Path | None) -> Report:
    report = Report("brain", f"{BRAIN}: first token, tokens a second beside llama-server, memory of both workers")
    _add_first_tokens(report, rounds)
    _add_memory(report, "no", 2.9)
    _add_memory(report, "yes", 2.2)
    if peer:
        asyncio.run(_add_speed(report, rounds, peer))
    else:
        report.note("No llama-server was found; name one with --peer.")
    return report


def _add_first_tokens(report: Report, rounds: int) -> None:
    with daemon(brain()) as started:
        wait_for_model(started)
        with over_unix(started) as caller:
            first_token_ms(caller, QUESTIONS[0])
            found = [first_token_ms(caller, question) for _ in range(rounds) for question in QUESTIONS]
    report.measured("first_token", found)
    report.at_most("p50 of the first token, warm prefix", statistics.median(found), 1_500, "ms")


def _add_memory(report: Report, spare: str, limit: float) -> None:
    """Of both workers: before a model is loaded, with both loaded, and given back."""
    lines = "load_at_start = false\nunload_minutes = 0.5\n"
    settings = f'{brain()}[models.primary]\nspare_memory = "{spare}"\n{lines}[models.research]\n{lines}'
    prefix = "sparing memory: " if spare == "yes" else ""
    with daemon(settings, packages=STUDENTS) as started:
        before = _memory(started)
        os.kill(started.pid(STUDENT), signal.SIGUSR1)
        wait_until(lambda: _loaded(started, RESEARCH), "the model of the research worker is not loaded", LOAD_SECONDS)
        with over_unix(started) as caller:
            first_token_ms(caller, QUESTIONS[0])
        both = _memory(started)
        call_control(started.paths, "stop", STUDENT)
        wait_until(lambda: all(_unloaded(started, worker) for worker in WORKERS), "not unloaded", UNLOAD_SECONDS)
        after = _memory(started)
    report.single(f"{prefix}before", before, "MiB")
    report.single(f"{prefix}unloaded", after, "MiB")
    report.at_most(f"{prefix}both workers, both asked", both * MIB / 1e9, limit, "GB")
    report.at_most(f"{prefix}given back but for the library", after - before, 100, "MiB")


def _memory(started: ScratchDaemon) -> float:
    return sum(pss_mib(started.pid(worker)) for worker in WORKERS)


def _unloaded(started: ScratchDaemon, worker: str) -> bool:
    """By its log: a model that was just measured is away for a moment, too, and comes back as measured."""
    return "embedded_model_unloaded" in (started.paths.logs / f"{worker}.log").read_text("utf-8")


def _loaded(started: ScratchDaemon, *workers: str) -> bool:
    return any(facts(started, worker).get("model_loaded") for worker in workers)


async def _add_speed(report: Report, rounds: int, program: Path) -> None:
    """Tokens a second while writing, from the first to the last, each question asked of both."""
    ours: list[float] = []
    peers: list[float] = []
    with scratch_home() as home:
        async with AsyncExitStack() as stack:
            settings = PrimarySettings(embedded_model=str(brain_file()), spare_memory="no")
            model = EmbeddedModel(settings, home / "m.sock", SpeedRecords(home / "s.json"), _log())
            stack.push_async_callback(model.close)
            endpoint = await model.endpoint()
            speed = model.speed
            assert speed
            peer = Endpoint(stack.enter_context(_llama_server(program, settings, speed)), title="peer", timeouts=WAITS)
            stack.push_async_callback(peer.close)
            for question in QUESTIONS[:1] + QUESTIONS * rounds:
                ours.append(await _tokens_a_second(endpoint, model.name, question))
                peers.append(await _tokens_a_second(peer, "any", question))
    ours, peers = ours[1:], peers[1:]
    report.measured("writes", ours, "tokens/s")
    report.measured("llama_server_writes", peers, "tokens/s")
    report.at_least("tokens a second, of llama-server's", statistics.median(ours) / statistics.median(peers), 0.95)


async def _tokens_a_second(endpoint: Endpoint, model: str, question: str) -> float:
    """From the first piece to the last. The prefix is warm for both."""
    arrived: list[float] = []

    async def on_text(_: str) -> None:
        arrived.append(time.perf_counter())

    messages = (ChatMessage(role="user", content=f"{question} Tell me at length."),)
    call = ChatRequest(messages=messages, max_tokens=WRITTEN_TOKENS, temperature=0)
    answer = await endpoint.complete(model, call, on_text, timeouts=WAITS)
    return (answer.completion_tokens - 1) / (arrived[-1] - arrived[0])


@contextmanager
def _llama_server(program: Path, settings: PrimarySettings, speed: ModelSpeed) -> Generator[str]:
    """Its address, while it runs with the options that the embedded model has."""
    port = _free_port()
    slots, batch = settings.slots, str(speed.batch_tokens)
    options = {
        "-m": str(brain_file()),
        "--host": "127.0.0.1",
        "--port": str(port),
        "-np": str(slots),
        "-c": str(slots * settings.context_tokens),
        "-b": batch,
        "-ub": batch,
        "-t": str(speed.writing_threads),
        "-tb": str(speed.reading_threads),
        "-dev": "none",
        "--fit": "off",
        "--min-p": str(MIN_P),
        "--repeat-penalty": str(REPEAT_PENALTY),
        "--repeat-last-n": str(REPEAT_TOKENS),
        "--dry-multiplier": str(PHRASE_PENALTY),
        "--dry-allowed-length": str(PHRASE_LENGTH),
        "--dry-penalty-last-n": str(PHRASE_TOKENS),
    }
    arguments = ["--no-warmup", *(part for pair in options.items() for part in pair)]
    beside = os.environ | {"LD_LIBRARY_PATH": str(program.parent), "OMP_WAIT_POLICY": "PASSIVE"}
    process = subprocess.Popen(
        (str(program), *arguments), env=beside, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: process.poll() is not None or _answers(port), "llama-server does not answer", PEER_SECONDS)
        if process.returncode is not None:
            sys.exit(f"llama-server ended with {process.returncode}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _log() -> structlog.stdlib.BoundLogger:
    return structlog.stdlib.get_logger("bench")


if __name__ == "__main__":
    main()
