"""The words of a language, and what clauses are recognised by: a file of data for each language, compiled once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

from senter.messages.acts import ActKind, ChangeKind, ThingKind
from senter.sentences import spoken

WHEN, QUOTE = "\x01", "\x02"
"""Stand for each letter of what says a time, and of what is quoted."""
_NAME = re.compile(r"\{([a-z_]+)\}")

_POINTING = (
    r"[\s,]*(?:(?:{polite})[\s,]+){0,3}(?:(?:{request})\s+)?(?:{})"
    r"(?:[\s,]*(?:(?:{of_time}) )?WHEN+)*+(?:,? (?:{polite}))*(?=\s*(?:$|[,.;:!?)]|(?:{and})\b))"
)
"""Around what points back: courtesy and requests before it, times and courtesy behind."""
_APOSTROPHE = re.compile(r"(?<=[a-z])'(?=[a-z])")
"""Between letters it is left out by many: `dont`."""

Patterns = dict[str, re.Pattern[str]]
Table = dict[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is certain by itself: a clause with all these signals, and none of those, is of that kind or subject."""

    kind: str
    has: frozenset[str]
    lacks: frozenset[str]
    certainty: float

    def holds(self, signals: frozenset[str]) -> bool:
        return self.has <= signals and not self.lacks & signals


@dataclass(frozen=True, slots=True)
class Gists:
    """What is cut off around what an act is about."""

    before: dict[ActKind, tuple[re.Pattern[str], ...]]
    goes_on: re.Pattern[str]
    """Before another thing of the same kind."""
    after: re.Pattern[str]
    around_when: re.Pattern[str]
    listed: re.Pattern[str]
    """What is put on a list, and on which."""
    to_do: re.Pattern[str]
    """What is put on the list of what is to be done."""
    left_out: tuple[re.Pattern[str], ...]
    """What of its words only the sentence needed; their groups are kept."""
    wakes: re.Pattern[str]
    """What wakes somebody, and is about nothing else."""
    tool: re.Pattern[str]
    """A clock that rings."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What a language's file says."""

    letters: Table
    """That are also written otherwise."""
    names: Table
    """Of lists and patterns, to build others of."""
    heads: Patterns
    """Signals at the head of a clause."""
    anywhere: Patterns
    groups: dict[str, frozenset[str]]
    """Signals that are alike."""
    pointing: dict[ActKind, re.Pattern[str]]
    """Clauses that say of what was said before them what kind of act it is."""
    cuts: Patterns
    """Where a sentence can be cut, and where not."""
    """Signals anywhere in it."""
    rules: tuple[Rule, ...]
    """Of kinds."""
    subject_rules: tuple[Rule, ...]
    gists: Gists
    questions: Table
    """Sentences for people."""
    listed: frozenset[str]
    """Each word of its lists, by which a language is told."""
    small: frozenset[str]
    """Words that say little by themselves."""
    answers: Patterns
    """Short answers, whole."""
    answers_hour: re.Pattern[str]
    """An hour, where a time was asked for."""
    things: dict[ThingKind, re.Pattern[str]]
    changes: dict[ChangeKind, re.Pattern[str]]
    """At the head of a clause; what is none of the others is a move."""
    references: Patterns
    statements: Patterns
    """What is said of something that exists, whole and without its words of time: the groups name it."""
    told: Patterns
    """What is said to a reminder that was told, whole and without its words of time; a language may do without."""
    times: Patterns
    """Words about hours, in whatever case."""
    plainly: Table
    """A sentence for each kind of act that leaves no doubt about it."""
    labels: Table
    """What each kind of act is called as a choice."""
    spelled: Table
    """Single words that sentences are put together with."""
    place: re.Pattern[str]
    """Where, at the end of what an event is."""

    def compiled(self, pattern: str) -> re.Pattern[str]:
        """With the names of lists and patterns in it filled in."""
        return re.compile(_spread(_filled(pattern, self.names), self.letters))


def lexicon() -> Lexicon:
    """That of the language which is read just now."""
    return lexicon_of(spoken())


@cache
def lexicon_of(language: str) -> Lexicon:
    """That of a language there is a file for."""
    said = tomllib.loads((files("senter.understanding") / "words" / f"{language}.toml").read_text(encoding="utf-8"))
    lists = {name: _alternatives(text) for name, text in cast(Table, said["lists"]).items()}
    letters = cast(Table, said["letters"])
    names = {**lists, **{name: _filled(text, lists) for name, text in cast(Table, said["patterns"]).items()}}

    def compiled(table: str, form: str = "{}") -> Patterns:
        patterns = {name: _filled(form.replace("{}", text), names) for name, text in said[table].items()}
        return {name: re.compile(_spread(pattern, letters)) for name, pattern in patterns.items()}

    return Lexicon(
        letters,
        names,
        compiled("heads"),
        compiled("anywhere"),
        {name: frozenset(text.split()) for name, text in cast(Table, said["groups"]).items()},
        {ActKind(kind): pattern for kind, pattern in compiled("pointing", _POINTING).items()},
        compiled("cuts"),
        tuple(map(_rule, said["rules"])),
        tuple(map(_rule, said["subject_rules"])),
        _gists(said["gists"], names, letters),
        said["questions"],
        frozenset(_written(" ".join(cast(Table, said["lists"]).values()).replace("|", " "), letters).split()),
        frozenset(_written(cast(Table, said["lists"])["small"], letters).split()),
        compiled("answers", said["spelled"]["around_answer"]),
        re.compile(rf"\b{said['answers']['bare_hour']}\b", re.IGNORECASE),
        {ThingKind(name): pattern for name, pattern in compiled("things", r"\b(?:{})\b").items()},
        {ChangeKind(name): pattern for name, pattern in compiled("changes", said["spelled"]["around_change"]).items()},
        compiled("references", r"\b(?:{})\b"),
        compiled("statements", said["spelled"]["around_statement"]),
        compiled("told"),
        {name: re.compile(_spread(text, letters), re.IGNORECASE) for name, text in cast(Table, said["times"]).items()},
        said["plainly"],
        said["labels"],
        said["spelled"],
        re.compile(cast(Table, said["places"])["named"]),
    )


def _alternatives(text: str) -> str:
    """Of words parted by spaces; by bars where some are of several words."""
    parts = text.split("|") if "|" in text else text.split()
    words = {" ".join(part.split()) for part in parts if part.strip()}
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


def _filled(text: str, names: Table) -> str:
    filled = _APOSTROPHE.sub("'?", _NAME.sub(lambda found: names.get(found[1], found[0]), text))
    return (
        filled.replace("WHEN?", f"{WHEN}*")
        .replace("WHEN1", WHEN)
        .replace("WHEN", f"{WHEN}+")
        .replace("QUOTE", f"{QUOTE}+")
    )


def _spread(pattern: str, letters: Table) -> str:
    """Letters as they are also written."""
    for letter, other in letters.items():
        pattern = pattern.replace(letter, f"(?:{letter}|{other})")
    return pattern


def _written(words: str, letters: Table) -> str:
    """Words both ways."""
    other = words
    for letter, written in letters.items():
        other = other.replace(letter, written)
    return f"{words} {other}"


def _rule(row: dict[str, object]) -> Rule:
    has, lacks = (frozenset(cast(list[str], row.get(name, []))) for name in ("has", "not"))
    return Rule(cast(str, row["kind"]), has, lacks, cast(float, row["certainty"]))


def _gists(table: dict[str, object], names: Table, letters: Table) -> Gists:
    def made(pattern: str, flags: int = 0) -> re.Pattern[str]:
        return re.compile(_spread(_filled(pattern, names), letters), flags)

    before = cast(dict[str, list[str]], table["before"])
    kinds = {ActKind(kind): tuple(map(made, rows)) for kind, rows in before.items()}
    on, after, around = (made(cast(str, table[name])) for name in ("on", "after", "around_when"))
    listed, to_do = (made(cast(str, table[name]), re.IGNORECASE) for name in ("listed", "to_do"))
    left_out = tuple(map(made, cast(list[str], table["left_out"])))
    wakes, tool = (made(cast(str, table[name])) for name in ("wakes", "tool"))
    return Gists(kinds, on, after, around, listed, to_do, left_out, wakes, tool)
