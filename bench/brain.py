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
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import structlog

from measuring.costs import pss_mib
from measuring.homes import brain, brain_file, daemon, facts, scratch_home, wait_for_model
from measuring.http import Caller, over_unix
from measuring.report import Report, run_figure
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

WORKERS = ("model_primary", "model_research")
QUESTIONS = (
    "What is Python?",
    "Tell me about rivers.",
    "How is bread made?",
    "Why does the moon shine?",
    "Who invented chess?",
)
WRITTEN_TOKENS = 48
TIMEOUTS = Timeouts(connect=5, silence=60, answer=120)
PEER_SECONDS = 60.0
UNLOAD_SECONDS = 60.0
ASKED_AT_START = 4_096


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=2, help="times that all five questions are asked")
    options.add_argument("--peer", type=Path, default=shutil.which("llama-server"), help="llama.cpp's llama-server")
    chosen = options.parse_args()
    run_figure(lambda: measure(chosen.rounds, chosen.peer), limit_seconds=900)


def measure(rounds: int, peer: Path | None) -> Report:
    report = Report("brain", f"{BRAIN}: first token, tokens a second beside llama-server, memory of both workers")
    _add_first_tokens(report, rounds)
    _add_memory(report, "no", 2_900)
    _add_memory(report, "yes", 2_200)
    if peer:
        asyncio.run(_add_speed(report, rounds, peer))
    else:
        report.note("No llama-server was found; name one with --peer.")
    return report


def _add_first_tokens(report: Report, rounds: int) -> None:
    with daemon(brain()) as started:
        wait_for_model(started)
        with over_unix(started) as caller:
            _ask(caller, QUESTIONS[0])
            found = [_ask(caller, question) for _ in range(rounds) for question in QUESTIONS]
    report.measured("first_token", found)
    report.at_most("p50 of the first token, warm prefix", statistics.median(found), 1_500, "ms")


def _ask(caller: Caller, question: str) -> float:
    begun = time.perf_counter()
    first = 0.0
    with caller.open("/api/query", {"text": question, "stream": True}) as response:
        while line := response.readline():
            if not first and line.startswith(b"event: delta"):
                first = time.perf_counter()
    return (first - begun) * 1_000


def _add_memory(report: Report, spare: str, limit: float) -> None:
    """Of both workers: before a model is loaded, with both loaded, and given back."""
    lines = f'spare_memory = "{spare}"\nload_at_start = false\nunload_minutes = 0.1\n'
    settings = f"{brain()}[models.primary]\n{lines}[models.research]\n{lines}"
    prefix = "sparing memory: " if spare == "yes" else ""
    with daemon(settings, packages=Path(__file__).parent / "participants" / "both") as started:
        before = _memory(started)
        wait_until(lambda: facts(started, "both").get("asked") == len(WORKERS), "not both have answered", 120)
        both = _memory(started)
        wait_until(lambda: not _loaded(started), "the models are not unloaded", UNLOAD_SECONDS)
        after = _memory(started)
    report.single(f"{prefix}before", before, "MiB")
    report.single(f"{prefix}unloaded", after, "MiB")
    report.at_most(f"{prefix}both workers, both asked", both, limit, "MiB")
    report.at_most(f"{prefix}given back but for the library", after - before, 100, "MiB")


def _memory(started: ScratchDaemon) -> float:
    return sum(pss_mib(started.pid(worker)) for worker in WORKERS)


def _loaded(started: ScratchDaemon) -> bool:
    return any(facts(started, worker).get("model_loaded") for worker in WORKERS)
