"""How often an embedded model finds in a sentence what is to be reached and by when, in sixty sentences.

The model says both in the words of the sentence, held to a schema, at temperature 0; what day the words mean is worked
out by Senter's own reading of moments. Right is a sentence whose goal and whose moment are both right.
"""

from __future__ import annotations

import asyncio
import re
import sys
from datetime import datetime, time

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from cases.goals import CASES, DEVELOPMENT, SAID_AT, ZONE, GoalCase
from measuring.brains import BRAIN, FLOOR, AskModel, asked, options, research_settings
from measuring.report import Report, run_figure
from senter.components.models.settings import ResearchSettings
from senter.components.models.spec import RESEARCH
from senter.errors import InvalidInput
from senter.messages.model import Capability, ChatMessage, ModelRequest
from senter.moments.dates import parse_moment

MUST_REACH = 0.9
ANSWER_TOKENS = 120
_ASKED = """You take a sentence apart: what is to be reached, and by when. Answer with JSON only:
{"goal": "...", "deadline": "..."}
- goal is what is to be reached, in the words of the sentence, without "I want to", "please" and the like, and without
  the words that say by when. It begins with a verb where there is one.
- deadline is only the words that say by when, as they stand there; "" where the sentence does not say by when."""
_SHOWN = (
    ("Please wash the curtains by Monday", "wash the curtains", "Monday"),
    ("Learn how to sail", "learn how to sail", ""),
    ("I want to have the attic cleared before 3 May", "have the attic cleared", "3 May"),
    (
        "Until Wednesday at 10:00: choose the music for the party",
        "choose the music for the party",
        "Wednesday at 10:00",
    ),
    ("Compare last year's electricity bills", "compare last year's electricity bills", ""),
    ("The report has to be sent in eight days", "send the report", "in eight days"),
    ("Make a plan for next month by tomorrow", "make a plan for next month", "tomorrow"),
)
_SCHEMA: dict[str, JsonValue] = {
    "type": "object",
    "properties": {"goal": {"type": "string"}, "deadline": {"type": "string"}},
    "required": ["goal", "deadline"],
    "additionalProperties": False,
}
_LEADING = re.compile(r"^(?:(?:i(?:'d like| want| need| have| must)|we must|please|help me)(?: to)? )+", re.IGNORECASE)


class Extracted(BaseModel):
    """What the model found."""

    model_config = ConfigDict(extra="ignore")

    goal: str
    deadline: str


def main() -> None:
    parser = options(__doc__, FLOOR, BRAIN)
    parser.add_argument("--development", action="store_true", help="the sentences that the prompt is tried on")
    chosen = parser.parse_args()
    cases = (DEVELOPMENT if chosen.development else CASES)[chosen.first - 1 :][: chosen.cases]
    models: list[str] = chosen.model or [FLOOR, BRAIN]

    def figure() -> Report:
        report = Report("goal_deadlines", "share of sentences whose goal and deadline are found")
        for model in models:
            asyncio.run(_measure(report, model, research_settings(model, chosen), cases, show=chosen.show))
        return report

    run_figure(figure, limit_seconds=1_800)


async def _measure(
    report: Report, model: str, settings: ResearchSettings, cases: tuple[GoalCase, ...], *, show: bool
) -> None:
    async with asked(RESEARCH, settings) as ask:
        right = [await _is_right(case, ask, show=show) for case in cases]
    share = sum(right) / len(right)
    report.single(model, share, "right")
    if model == BRAIN:
        report.at_least(f"right sentences of {model}", share, MUST_REACH)


async def _is_right(case: GoalCase, ask: AskModel, *, show: bool) -> bool:
    said = (await ask(_request(case.text))).text
    try:
        found = Extracted.model_validate_json(said)
    except ValidationError:
        found = Extracted(goal="", deadline="")
    right = _plain(found.goal) in map(_plain, case.goals) and _same_moment(found.deadline, case.deadline)
    if show:
        sys.stderr.write(f"{'+' if right else '-'} {case.text} {' '.join(said.split())}\n")
    return right


def _request(text: str) -> ModelRequest:
    local = SAID_AT.astimezone(ZONE)
    messages = [ChatMessage(role="system", content=f"{_ASKED}\nToday is {local:%A, %d %B %Y}; the zone is {ZONE.key}.")]
    for sentence, goal, deadline in _SHOWN:
        answer = Extracted(goal=goal, deadline=deadline).model_dump_json()
        messages += [ChatMessage(role="user", content=sentence), ChatMessage(role="assistant", content=answer)]
    return ModelRequest(
        messages=[*messages, ChatMessage(role="user", content=text)],
        use_system_prompt=False,
        max_tokens=ANSWER_TOKENS,
        temperature=0,
        stream=False,
        response_schema=_SCHEMA,
        least=Capability.STRUCTURED,
    )


def _plain(goal: str) -> str:
    bare = _LEADING.sub("", " ".join(goal.replace("\u2019", "'").split()))
    return bare.casefold().strip(" .,:!")


def _same_moment(words: str, meant: str) -> bool:
    """The same day; where a time was said, the same time."""
    if not words.strip() or not meant:
        return not words.strip() and not meant
    try:
        found = parse_moment(re.sub(r"^within\b", "in", words.strip(), flags=re.IGNORECASE), SAID_AT, ZONE)
    except InvalidInput:
        return False
    local, right = found.astimezone(ZONE), datetime.fromisoformat(meant)
    return local.date() == right.date() and (right.time() == time() or local.time() == right.time())


if __name__ == "__main__":
    main()
