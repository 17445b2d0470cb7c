"""How much later the first token comes through Senter than from the embedded model called directly.

Both have a model of their own with the same settings, ask the same messages in turns and with the same
warm prefix, and let each short answer end before the next question.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime

import structlog

from measuring.first_tokens import QUESTIONS, first_token_ms
from measuring.homes import daemon, scratch_home, wait_for_model
from measuring.http import over_unix
from measuring.report import Report, quantile, run_figure
from senter.components.models.embedded import EmbeddedModel
from senter.components.models.prompt import with_moment, with_system_prompt
from senter.components.models.settings import PrimarySettings
from senter.components.models.speed import SpeedRecords
from senter.components.models.wire import ChatRequest
from senter.messages.model import ChatMessage
from senter.moments.zones import user_zone

ANSWER_TOKENS = 12
SETTINGS = f"[models.primary]\nmax_tokens = {ANSWER_TOKENS}\ntemperature = 0.0\n"
WARM_UP = 2


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=16, help="times that all five questions are asked")
    rounds: int = options.parse_args().rounds
    run_figure(lambda: measure(rounds), limit_seconds=300)


def measure(rounds: int) -> Report:
    report = Report("first_token", "first token through Senter, against the embedded model called directly")
    direct: list[float] = []
    senter: list[float] = []
    with directly() as ask_directly, daemon(SETTINGS) as started, over_unix(started) as caller:
        wait_for_model(started)
        for _ in range(WARM_UP + rounds):
            for question in QUESTIONS:
                direct.append(ask_directly(question))
                senter.append(first_token_ms(caller, question))
    warm = WARM_UP * len(QUESTIONS)
    direct, senter = direct[warm:], senter[warm:]
    added = [through - without for through, without in zip(senter, direct, strict=True)]
    report.measured("direct", direct)
    report.measured("senter", senter)
    report.measured("added_per_pair", added)
    report.at_most("p50 added", statistics.median(senter) - statistics.median(direct), 40, "ms")
    report.single("p95_added", quantile(senter, 95) - quantile(direct, 95), "ms")
    return report


@contextmanager
def directly() -> Generator[Callable[[str], float]]:
    """A way to ask a model in this process; returns the milliseconds to the first token."""
    settings = PrimarySettings(max_tokens=ANSWER_TOKENS, temperature=0)
    with scratch_home() as home, asyncio.Runner() as runner:
        model = EmbeddedModel(
            settings, home / "m.sock", SpeedRecords(home / "speed.json"), structlog.stdlib.get_logger("bench")
        )
        try:
            yield lambda question: runner.run(_first_token(model, settings, question))
        finally:
            runner.run(model.close())


async def _first_token(model: EmbeddedModel, settings: PrimarySettings, question: str) -> float:
    chat = with_system_prompt(settings.system_prompt, (ChatMessage(role="user", content=question),))
    messages = with_moment(chat, datetime.now(user_zone("")))
    call = ChatRequest(messages=messages, max_tokens=settings.max_tokens, temperature=settings.temperature)
    endpoint = await model.endpoint()
    firsts: list[float] = []

    async def on_text(text: str) -> None:
        firsts.append(time.perf_counter())

    begun = time.perf_counter()
    await endpoint.complete(model.name, call, on_text)
    return (firsts[0] - begun) * 1_000


if __name__ == "__main__":
    main()
