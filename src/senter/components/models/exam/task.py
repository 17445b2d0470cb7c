"""One task of an exam, and the values that are drawn for it anew each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from pydantic import JsonValue

from senter.messages.model import Capability, ChatMessage

Schema = dict[str, JsonValue]

_PEOPLE = ("Marta", "Oskar", "Irene", "Tomas", "Leila", "Bruno", "Freya", "Pavel", "Nadia", "Hugo", "Selma", "Viktor")
_PLACES = (
    "Lisbon",
    "Bergen",
    "Graz",
    "Tampere",
    "Porto",
    "Lyon",
    "Gdansk",
    "Turin",
    "Leeds",
    "Aarhus",
    "Ghent",
    "Brno",
)
_THINGS = ("lamp", "kettle", "bicycle", "printer", "tent", "guitar", "ladder", "blender", "suitcase", "telescope")
_GROCERIES = ("oat milk", "rye flour", "green olives", "candles", "batteries", "basil", "red lentils", "coffee filters")
_ERRANDS = ("water the ferns", "call the dentist", "take out the glass", "feed the rabbits", "pay the plumber")
_TOPICS = ("beekeeping", "sourdough", "solar panels", "rainwater", "chess openings", "bird migration", "compost")


@dataclass(frozen=True, slots=True)
class ExamTask:
    """What is asked, and how an answer is judged."""

    kind: str
    level: Capability
    """The level it counts for."""
    messages: tuple[ChatMessage, ...]
    passes: Callable[[str], bool]
    right: str
    """An answer that passes."""
    schema: Schema | None = None
    right_is_no: bool = False
    """Whether the right answer is a no, a nothing or a refusal: who always says yes fails these."""
    max_tokens: int = 120


class Draw:
    """Values for tasks, no two of a kind alike within one exam."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._left: dict[tuple[str, ...], list[str]] = {}

    def person(self) -> str:
        return self._one_of(_PEOPLE)

    def place(self) -> str:
        return self._one_of(_PLACES)

    def thing(self) -> str:
        return self._one_of(_THINGS)

    def grocery(self) -> str:
        return self._one_of(_GROCERIES)

    def errand(self) -> str:
        return self._one_of(_ERRANDS)

    def topic(self) -> str:
        return self._one_of(_TOPICS)

    def number(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def day(self) -> date:
        """A day before the last week of its month, so that a few days on stay within it."""
        return date(self.number(2027, 2045), self.number(1, 12), self.number(1, 20))

    def code(self) -> str:
        """A word that nobody says by chance."""
        return "".join(self.random.choice("bdfgklmnprstvz") + self.random.choice("aeiou") for _ in range(4))

    def _one_of(self, words: tuple[str, ...]) -> str:
        left = self._left.setdefault(words, [])
        if not left:
            left += self.random.sample(words, len(words))
        return left.pop()


def spoken(day: date) -> str:
    """A day as prompts say it, with its weekday."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def next_weekday(day: date, weekday: int) -> date:
    """The first such weekday after `day`; Monday is 0."""
    return day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)


def chat(system: str, *turns: str) -> tuple[ChatMessage, ...]:
    """The system prompt, then turns of user and assistant, the user's first."""
    said = [
        ChatMessage(role="assistant" if place % 2 else "user", content=content) for place, content in enumerate(turns)
    ]
    return (ChatMessage(role="system", content=system), *said)


def an_object(**properties: JsonValue) -> Schema:
    """The schema of an object that has these and nothing else."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
