"""How long the exam of a model behind an instant endpoint takes: all that Senter itself costs of it.

The endpoint is a scripted server in this process that knows every right answer, so that no task is left out.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from random import Random

from measuring.report import Report, run_figure
from senter.clock import SystemClock
from senter.components.models.endpoint import Endpoint, Timeouts
from senter.components.models.exam.sitting import Sitting, at_once
from senter.messages.model import Capability
from tests.scripted_model import scripted_model
from tests.support.exam_student import Student

TIMEOUTS = Timeouts(connect=5, silence=60, answer=60)
MUST_REACH_SECONDS = 5.0


async def seconds_of(seed: int) -> tuple[float, int]:
    """How long one exam takes, and for how many tokens."""
    async with scripted_model(Student(seed)) as model:
        endpoint = Endpoint(model.url, title="The model", timeouts=TIMEOUTS)
        sitting = Sitting(endpoint, "scripted", SystemClock(), at_once, lambda done, of: None, random=Random(seed))  # noqa: S311
        began = time.perf_counter()
        outcome = await sitting.outcome()
        took = time.perf_counter() - began
        await endpoint.close()
    assert outcome.level is Capability.CAPABLE, "the scripted model knows every answer"
    return took, sitting.spent.tokens


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=10)
    runs: int = options.parse_args().runs

    def figure() -> Report:
        report = Report("exam", "The exam of a model behind an instant endpoint.")
        took = [asyncio.run(seconds_of(seed)) for seed in range(runs)]
        report.measured("an exam", [seconds * 1_000 for seconds, _ in took])
        report.single("tokens of an exam", max(tokens for _, tokens in took), "tokens")
        report.at_most("the longest", max(seconds for seconds, _ in took), MUST_REACH_SECONDS, "s")
        return report

    run_figure(figure, limit_seconds=120)


if __name__ == "__main__":
    main()
