"""How long the prompts of the embedded models are, and how much of one is new after the one before, in their tokens.

A model is loaded for its template and its tokenizer alone; it answers nothing. Prompts are made as the assistant and
the planner make them, for a person with folders and calendars: each question of a conversation, one that asks for the
time, and requests for which a tool is chosen. New is what a server has to read that kept the prompt before, with its
answer.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Generator, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise, takewhile
from pathlib import Path

import structlog
from pydantic import BaseModel, JsonValue, TypeAdapter

from cases.questions import QUESTIONS
from cases.tool_calls import ASKED_AT, CASES, HOME, ZONE
from measuring.brains import BRAIN, FLOOR, embedded, options
from measuring.homes import scratch_home
from measuring.http import Caller, unix_socket
from measuring.report import Report, run_figure
from senter.components.assistant.context import context_words
from senter.components.assistant.inventory import Snapshot
from senter.components.assistant.prompt import PastExchange, build_prompt
from senter.components.assistant.query_tasks import EMBEDDED_PROMPT_TOKENS
from senter.components.models.gguf import chosen_model
from senter.components.models.prompt import Messages, with_moment, with_system_prompt
from senter.components.models.server import ServerShape, start_server
from senter.components.models.settings import PrimarySettings
from senter.components.task_engine.agent.offering import offered
from senter.components.task_engine.agent.one_call import choice_request
from senter.components.task_engine.agent.situation import situation
from senter.components.task_engine.contract.tool import Tool
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.registry import Registry
from senter.messages.goals import Grant
from senter.messages.model import ChatMessage

KEY = "prompts"
REPLY = TypeAdapter(dict[str, JsonValue])
TOKENS = TypeAdapter(list[int])
LONGEST, MOST_NEW, LONGEST_OF_OTHERS = 600, 60, 2_000
TURNS = 20
SMALLEST = ServerShape(
    slots=1, context_tokens=256, batch_tokens=32, reading_threads=1, writing_threads=1, spares_memory=True
)
SNAPSHOT = Snapshot(
    folders=tuple(f"{HOME}/{name}" for name in ("Documents", "Downloads", "Contracts", "Invoices", "Travel")),
    calendars=("Home", "Work", "Birthdays"),
)
GRANT = Grant(read_roots=SNAPSHOT.folders, write_roots=(f"{HOME}/Documents",), providers=("documents",))
ANSWERS = (
    "About eight minutes, if the egg comes from the fridge. Put it in cold water afterwards, so that it peels well.",
    "It is oxygen. Air holds about 21 percent of it, and a fire goes out when it gets less than 16.",
    "Chickpeas, with sesame paste, lemon and garlic. It keeps for four days in the fridge; some oil on top helps.",
    "Canberra, not Sydney. It was chosen in 1908 because it lies between the two largest cities, and most of the "
    "government works there.",
)


@dataclass(frozen=True, slots=True)
class Reader:
    """A model's template and tokenizer."""

    socket: Path

    def tokens(self, messages: Sequence[ChatMessage], *, answer: str = "") -> list[int]:
        """Of a prompt, with the answer that was written to it."""
        spoken = [{"role": message.role, "content": message.content} for message in messages]
        prompt = self._posted("/apply-template", {"messages": spoken})["prompt"]
        asked = {"content": f"{prompt}{answer}", "add_special": True, "parse_special": True}
        return TOKENS.validate_python(self._posted("/tokenize", asked)["tokens"])

    def _posted(self, path: str, body: object) -> dict[str, JsonValue]:
        """Over a connection of its own: the server ends each after some requests."""
        caller = Caller(unix_socket(self.socket), "localhost", KEY)
        try:
            return REPLY.validate_json(caller.post(path, body))
        finally:
            caller.close()


def main() -> None:
    chosen = options(__doc__, FLOOR, BRAIN).parse_args()
    models: list[str] = chosen.model or [FLOOR, BRAIN]

    def figure() -> Report:
        report = Report("prompts", "tokens of the embedded models' prompts, and how many of them are new each time")
        for model in models:
            settings = PrimarySettings(embedded_model=embedded(model), folder=chosen.folder, use_ollama=False)
            if chosen.folder or model == FLOOR:
                with _reader(settings, model) as reader:
                    _measure(report, model, reader, settings)
        return report

    run_figure(figure, limit_seconds=300)


@contextmanager
def _reader(settings: PrimarySettings, name: str) -> Generator[Reader]:
    with scratch_home() as home:
        socket = home / "m.sock"
        server = start_server(chosen_model(settings), name, socket, KEY, SMALLEST)
        yield Reader(socket)
        del server


def _measure(report: Report, model: str, reader: Reader, settings: PrimarySettings) -> None:
    prompts = [*_conversation(settings.system_prompt)]
    sizes = [len(reader.tokens(prompt)) for prompt in prompts]
    news = [
        _new(reader.tokens(before, answer=_answer(number)), reader.tokens(prompt))
        for number, (before, prompt) in enumerate(pairwise(prompts))
    ]
    report.single(f"{model}: a plain question", sizes[0], "tokens")
    report.single(f"{model}: with six earlier turns", sizes[6], "tokens")
    report.at_most(f"{model}: longest of {TURNS} turns", max(sizes), LONGEST, "tokens")
    report.at_most(f"{model}: new from question to question, median", statistics.median(news), MOST_NEW, "tokens")
    report.measured(f"{model}: new in a conversation", news, "tokens")
    report.single(f"{model}: turns that are read anew", sum(new > MOST_NEW for new in news), "turns")
    clock = [_asked(settings.system_prompt, "What time is it?", ASKED_AT + timedelta(minutes=each)) for each in (0, 1)]
    report.at_most(f"{model}: new a minute later", _new(*map(reader.tokens, clock)), MOST_NEW, "tokens")
    if model == FLOOR:
        return  # it is not trusted with a call
    choosing = [reader.tokens(prompt) for prompt in asyncio.run(_tool_prompts())]
    report.at_most(f"{model}: to choose a tool", max(map(len, choosing)), LONGEST_OF_OTHERS, "tokens")
    report.measured(f"{model}: new to choose a tool", [_new(*pair) for pair in pairwise(choosing)], "tokens")


def _new(before: Sequence[int], prompt: Sequence[int]) -> int:
    """Tokens behind those that both begin with."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, prompt, strict=False)))
    return len(prompt) - same


def _answer(number: int) -> str:
    return ANSWERS[number % len(ANSWERS)]


def _conversation(system_prompt: str) -> Iterator[Messages]:
    """The prompt of each turn."""
    said: list[PastExchange] = []
    for number, question in enumerate(QUESTIONS[:TURNS]):
        yield _asked(system_prompt, question.text, ASKED_AT + timedelta(minutes=number), said)
        said.append(PastExchange(question.text, _answer(number)))


def _asked(system_prompt: str, question: str, at: datetime, said: Sequence[PastExchange] = ()) -> Messages:
    known = context_words("Anna", SNAPSHOT)
    prompt = build_prompt(question, [*reversed(said)], EMBEDDED_PROMPT_TOKENS, known)
    return with_moment(with_system_prompt(system_prompt, tuple(prompt)), at.astimezone(ZONE))


async def _tool_prompts() -> list[list[ChatMessage]]:
    engine = TaskEngineSettings(ddgs=True, timezone=ZONE.key)
    async with AsyncExitStack() as stack:
        tools = await stack.enter_async_context(Registry.open(engine, structlog.stdlib.get_logger("bench")))
        usable = [tools.get(name) for name in sorted(tools.names()) if not tools.get(name).unavailable()]
        return [_choosing(case.text, usable, minute) for minute, case in enumerate(CASES[:10])]


def _choosing(text: str, usable: Sequence[Tool[BaseModel]], minute: int) -> list[ChatMessage]:
    shown = {tool.name: tool for tool in offered(usable, GRANT, text)}
    return choice_request(text, shown, situation(ASKED_AT + timedelta(minutes=minute), ZONE, GRANT)).messages


if __name__ == "__main__":
    main()
