"""Tasks for a model that is to be trusted with short JSON: extraction, one tool, an act, a date, a title."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

from pydantic import JsonValue

from senter.components.models.exam.checks import is_object, json_in, plain
from senter.components.models.exam.task import Draw, ExamTask, Schema, an_object, chat, spoken
from senter.messages.model import Capability, ChatMessage

TEXT: Schema = {"type": "string"}
MOST_TITLE_WORDS = 8

_EXTRACT = "You read one note and answer with JSON only: {shape}. Use null for what the note does not say."
_CHOOSE = """You choose one tool for what a person says. Answer with one JSON object only:
{"tool": "remind", "text": "what", "time": "HH:MM"} to remind the person of something at a time of day
{"tool": "add_to_list", "list": "which", "item": "what"} to put something on a list
{"tool": "find_file", "words": "what"} to find a file of the person's
{"tool": "none"} where none of these tools does what is said"""
_EXAMPLES = (
    "Remind me at 7 am to feed the cat.",
    '{"tool": "remind", "text": "feed the cat", "time": "07:00"}',
    "Put stamps on the post list.",
    '{"tool": "add_to_list", "list": "post", "item": "stamps"}',
    "Good morning!",
    '{"tool": "none"}',
    "Where is the scan of my passport?",
    '{"tool": "find_file", "words": "scan passport"}',
    "Lock the front door.",
    '{"tool": "none"}',
)
_CHOICE: Schema = {
    "anyOf": [
        an_object(tool={"const": "remind"}, text=TEXT, time={"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"}),
        an_object(tool={"const": "add_to_list"}, list=TEXT, item=TEXT),
        an_object(tool={"const": "find_file"}, words=TEXT),
        an_object(tool={"const": "none"}),
    ]
}
_ACTS = """You say what a person means. Answer with JSON only: {"act": "..."}, where act is one of
question: they want to know something
task: they want something done
remark: they only say something"""
_ACT_EXAMPLES = (
    "How long do eggs keep?",
    '{"act": "question"}',
    "I slept badly.",
    '{"act": "remark"}',
    "Book a table for two.",
    '{"act": "task"}',
)
_YES_NO = 'You read a note and answer a question about it with JSON only: {"yes": true} or {"yes": false}.'


def structured_tasks(draw: Draw) -> Iterator[ExamTask]:
    """All of them, in order."""
    yield from _extractions(draw)
    yield from _tools(draw)
    yield from _dates(draw)
    yield from _acts(draw)
    yield from _yes_or_no(draw)
    yield _title(draw)
    yield from _system_prompts(draw)


def _extractions(draw: Draw) -> Iterator[ExamTask]:
    name, phone, place = draw.person(), f"0{draw.number(300_000, 999_999)}", draw.place()
    yield _extraction(
        f"New number of {name}, who moved to {place} in spring: {phone}.", {"name": name, "phone": phone, "city": place}
    )
    thing, price, seller = draw.thing(), draw.number(31, 480), draw.person()
    yield _extraction(
        f"Saw a {thing} at {seller}'s shop, {price} euros.",
        {"item": thing, "price": price, "colour": None},
        right_is_no=True,
    )
    guest, time = draw.person(), f"{draw.number(13, 21)}:{draw.number(10, 59)}"
    yield _extraction(f"{guest} comes on the train that is in at {time}.", {"who": guest, "time": time})


def _extraction(note: str, wanted: dict[str, JsonValue], *, right_is_no: bool = False) -> ExamTask:
    shape = json.dumps(dict.fromkeys(wanted, "..."))
    properties: dict[str, JsonValue] = {
        name: {"type": ["number" if isinstance(value, int) else "string", "null"]} for name, value in wanted.items()
    }
    messages = chat(_EXTRACT.format(shape=shape), note)
    return _json("extraction", messages, wanted, an_object(**properties), right_is_no=right_is_no)


def _tools(draw: Draw) -> Iterator[ExamTask]:
    errand, hour, minute = draw.errand(), draw.number(1, 11), draw.number(10, 59)
    yield _choice(
        f"Remind me at {hour}:{minute} pm to {errand}.",
        {"tool": "remind", "text": errand, "time": f"{hour + 12}:{minute}"},
    )
    grocery = draw.grocery()
    yield _choice(f"Put {grocery} on the shopping list.", {"tool": "add_to_list", "list": "shopping", "item": grocery})
    topic = draw.topic()
    found = json.dumps({"tool": "find_file", "words": topic})
    yield ExamTask(
        kind="tool",
        level=Capability.STRUCTURED,
        messages=chat(_CHOOSE, *_EXAMPLES, f"Where did I save my paper about {topic}?"),
        passes=lambda answer: _finds(answer, topic),
        right=found,
        schema=_CHOICE,
    )
    yield _choice(f"Turn the heating up to {draw.number(19, 24)} degrees.", {"tool": "none"})
    yield _choice(f"{draw.person()} was so kind to me today.", {"tool": "none"})


def _finds(answer: str, topic: str) -> bool:
    found = json_in(answer)
    return found.get("tool") == "find_file" and topic in str(found.get("words")).lower()


def _choice(said: str, wanted: dict[str, JsonValue]) -> ExamTask:
    none = wanted == {"tool": "none"}
    return _json("tool", chat(_CHOOSE, *_EXAMPLES, said), wanted, _CHOICE, right_is_no=none)


def _dates(draw: Draw) -> Iterator[ExamTask]:
    today = draw.day()
    for said, meant in (
        ("tomorrow", today + timedelta(days=1)),
        (f"on the {draw.number(22, 28)}th of this month", None),
    ):
        day = meant or today.replace(day=int(said.split()[2][:2]))
        system = (
            f'Today is {spoken(today)}. You say which date is meant. Answer with JSON only: {{"date": "YYYY-MM-DD"}}.'
        )
        schema = an_object(date={"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})
        yield _json("date", chat(system, f"I fetch the {draw.thing()} {said}."), {"date": day.isoformat()}, schema)


def _acts(draw: Draw) -> Iterator[ExamTask]:
    schema = an_object(act={"enum": ["question", "task", "remark"]})
    said = {
        f"How far is it from {draw.place()} to {draw.place()}?": "question",
        f"Write {draw.person()} that I come an hour later.": "task",
        f"{draw.person()} has a new {draw.thing()}.": "remark",
    }
    for words, act in said.items():
        yield _json("act", chat(_ACTS, *_ACT_EXAMPLES, words), {"act": act}, schema)


def _yes_or_no(draw: Draw) -> Iterator[ExamTask]:
    for yes in draw.random.sample((True, False, False), 3):
        buyer, other, thing, price = draw.person(), draw.person(), draw.thing(), draw.number(20, 90)
        asked = buyer if yes else other
        note = f"Note: {buyer} bought the {thing} for {price} euros. {other} only looked at it."
        yield _json(
            "yes_no",
            chat(_YES_NO, f"{note}\nDid {asked} buy the {thing}?"),
            {"yes": yes},
            an_object(yes={"type": "boolean"}),
            right_is_no=not yes,
        )


def _title(draw: Draw) -> ExamTask:
    topic = draw.topic()
    system = "You give a conversation a title of two to six words. Answer with the title only."
    said = f"I read a lot about {topic} lately. Where do I begin, and what does {topic} cost in a year?"
    return _text("title", chat(system, said), f"Beginning with {topic}", lambda answer: _is_title(answer, topic))


def _is_title(answer: str, topic: str) -> bool:
    words = answer.split()
    return 2 <= len(words) <= MOST_TITLE_WORDS and topic.split()[0] in answer.lower()


def _system_prompts(draw: Draw) -> Iterator[ExamTask]:
    code, first, second = draw.code(), draw.person(), draw.person()
    yield _text(
        "system_prompt",
        chat(f"Answer in one short sentence. Begin every answer with the word {code}.", "What colour is grass?"),
        f"{code}: it is green.",
        lambda answer: plain(answer).startswith(code) and "green" in answer.lower() and answer.lower().count(code) == 1,
    )
    number = draw.number(12, 97)
    yield _text(
        "system_prompt",
        chat(
            f"{first} is {number} years old, {second} is {number + 2}. Answer with one word: a name.", "Who is older?"
        ),
        second,
        lambda answer: plain(answer) == second.lower(),
    )


def _json(
    kind: str,
    messages: tuple[ChatMessage, ...],
    wanted: dict[str, JsonValue],
    schema: Schema,
    *,
    right_is_no: bool = False,
) -> ExamTask:
    return ExamTask(
        kind=kind,
        level=Capability.STRUCTURED,
        messages=messages,
        passes=is_object(wanted),
        right=json.dumps(wanted),
        schema=schema,
        right_is_no=right_is_no,
    )


def _text(kind: str, messages: tuple[ChatMessage, ...], right: str, passes: Callable[[str], bool]) -> ExamTask:
    return ExamTask(
        kind=kind, level=Capability.STRUCTURED, messages=messages, passes=passes, right=right, max_tokens=40
    )
