"""How much background work slows down answers to people: model_primary beside a saturated model_research.

Both embedded models run in processes of their own, as in the daemon; the background one at nice 10 and
never out of work, which is worse than the daemon, where it lets people's requests go first.

    python bench/model_yield.py [--asks 40]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from senter.components.models.component import with_system_prompt
from senter.components.models.embedded import EmbeddedModel
from senter.components.models.endpoint import Endpoint, Timeouts
from senter.components.models.settings import ModelSettings, PrimarySettings, ResearchSettings
from senter.components.models.statistics import percentile
from senter.components.models.wire import Call
from senter.messages.model import ChatMessage

TIMEOUTS = Timeouts(connect=5, silence=120, answer=300)
ANSWER_TOKENS = 60
MUST_RATIO = 1.5
RESEARCH_NICE = 10
TOPICS = ("Python", "rivers", "bread", "the moon", "trains", "chess", "honey", "glass", "sleep", "maps")


@asynccontextmanager
async def embedded(settings: ModelSettings, folder: Path) -> AsyncGenerator[tuple[str, Endpoint]]:
    log = structlog.stdlib.get_logger("bench")
    model = EmbeddedModel(settings, TIMEOUTS, folder / f"{os.getpid()}.sock", log)
    try:
        yield model.name, await model.endpoint()
    finally:
        await model.close()


def call(settings: ModelSettings, text: str, max_tokens: int) -> Call:
    messages = with_system_prompt(settings.system_prompt, (ChatMessage(role="user", content=text),))
    return Call(messages=messages, max_tokens=max_tokens, temperature=0)


async def discard(text: str) -> None:
    """Only the time matters."""


async def work_in_background(folder: Path) -> None:
    """Write long texts without a pause until killed."""
    os.nice(RESEARCH_NICE)
    settings = ResearchSettings()
    async with embedded(settings, folder) as (name, endpoint):
        for number in range(1_000_000):
            topic = TOPICS[number % len(TOPICS)]
            text = f"Write everything you know about {topic}. " + "Give facts and dates. " * 60
            asking = asyncio.create_task(endpoint.complete(name, call(settings, text, 1_500), discard))
            if number == 0:
                await asyncio.sleep(0)
                print("working", flush=True)
            await asking


async def latencies(asks: int, settings: ModelSettings, name: str, endpoint: Endpoint) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"first": [], "whole": []}
    for number in range(asks):
        began = time.perf_counter()
        firsts: list[float] = []

        async def on_text(text: str, began: float = began, firsts: list[float] = firsts) -> None:
            firsts.append(time.perf_counter() - began)

        topic = TOPICS[number % len(TOPICS)]
        await endpoint.complete(name, call(settings, f"Tell me about {topic} ({number}).", ANSWER_TOKENS), on_text)
        found["whole"].append(time.perf_counter() - began)
        found["first"].append(firsts[0])
    return found


def summary(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {f"p{percent}_ms": round(1_000 * (percentile(ordered, percent) or 0), 1) for percent in (5, 50, 95)}


@asynccontextmanager
async def saturated(folder: Path) -> AsyncGenerator[None]:
    argv = [sys.executable, "-P", __file__, "--background", str(folder)]
    child = await asyncio.create_subprocess_exec(*argv, stdout=asyncio.subprocess.PIPE)
    assert child.stdout
    try:
        while (await child.stdout.readline()).strip() != b"working":
            assert child.returncode is None and not child.stdout.at_eof(), "the background worker ended"
        yield
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def measure(asks: int) -> None:
    settings = PrimarySettings()
    with tempfile.TemporaryDirectory() as name_of_folder:
        folder = Path(name_of_folder)
        async with embedded(settings, folder) as (name, endpoint):
            await latencies(3, settings, name, endpoint)
            idle = await latencies(asks, settings, name, endpoint)
            async with saturated(folder):
                busy = await latencies(asks, settings, name, endpoint)
            again = await latencies(asks, settings, name, endpoint)
    report = {
        kind: {"idle": summary(idle[kind] + again[kind]), "research_saturated": summary(busy[kind])}
        for kind in ("first", "whole")
    }
    ratio = report["whole"]["research_saturated"]["p95_ms"] / report["whole"]["idle"]["p95_ms"]
    print(
        json.dumps(
            {
                "figure": "primary latency with the research worker saturated, against idle (embedded model)",
                "asks": asks,
                "cores": os.cpu_count(),
                "first_token": report["first"],
                "whole_answer": report["whole"],
                "p95_ratio": round(ratio, 3),
                "must_be_at_most": MUST_RATIO,
            },
            indent=2,
        )
    )


def main() -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--asks", type=int, default=40, help="asks per condition")
    parser.add_argument("--background", type=Path, default=None, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    asyncio.run(work_in_background(chosen.background) if chosen.background else measure(chosen.asks))


if __name__ == "__main__":
    main()
