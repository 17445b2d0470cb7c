"""How many of sixty everyday questions with short known answers the embedded models answer right.

Each is asked as a person asks Senter: with its own prompt and the settings of the worker that answers people, but at
temperature 0. An answer counts as right when an accepted one stands in it.
"""

from __future__ import annotations

import asyncio
import sys

from cases.questions import QUESTIONS, EverydayQuestion
from measuring.brains import ANSWER_SECONDS, BRAIN, FLOOR, MIDDLE, AskModel, asked, embedded, options
from measuring.report import Report, run_figure
from senter.components.assistant.prompt import build_prompt
from senter.components.assistant.settings import AssistantSettings
from senter.components.models.settings import PrimarySettings
from senter.components.models.spec import PRIMARY
from senter.messages.model import ModelRequest

MUST_REACH = 0.75
BUDGET_TOKENS = AssistantSettings().prompt_tokens


def main() -> None:
    chosen = options(__doc__, FLOOR, MIDDLE, BRAIN).parse_args()
    questions = QUESTIONS[chosen.first - 1 :][: chosen.cases]
    models: list[str] = chosen.model or [FLOOR, MIDDLE, BRAIN]

    def figure() -> Report:
        report = Report("everyday", "share of everyday questions that are answered right")
        for model in models:
            settings = PrimarySettings(
                embedded_model=embedded(model),
                folder=chosen.folder,
                use_ollama=False,
                threads=chosen.threads,
                first_token_timeout_seconds=ANSWER_SECONDS,
                temperature=0,
            )
            asyncio.run(_measure(report, model, settings, questions, show=chosen.show))
        return report

    run_figure(figure, limit_seconds=1_800)


async def _measure(
    report: Report, model: str, settings: PrimarySettings, questions: tuple[EverydayQuestion, ...], *, show: bool
) -> None:
    async with asked(PRIMARY, settings) as ask:
        right = [await _is_right(question, ask, show=show) for question in questions]
    share = sum(right) / len(right)
    report.single(model, share, "right")
    if model == BRAIN:
        report.at_least(f"right answers of {model}", share, MUST_REACH)


async def _is_right(question: EverydayQuestion, ask: AskModel, *, show: bool) -> bool:
    request = ModelRequest(messages=build_prompt(question.text, (), BUDGET_TOKENS), temperature=0, stream=False)
    response = await ask(request)
    right = question.is_answered_by(response.text)
    if show:
        sys.stderr.write(f"{'+' if right else '-'} {question.text} {' '.join(response.text.split())[:200]!r}\n")
    return right


if __name__ == "__main__":
    main()
