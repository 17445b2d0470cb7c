"""The words of one language that claims are made of, read from its file and compiled once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import Field

from senter.messages.message import Frozen
from senter.understanding.claims.plain import plain

_NAME: Final = re.compile(r"\{([a-z_.]+)\}")
_LINE_BREAK: Final = re.compile(r"\s*\n\s*")
_VERB: Final = re.compile(r'"([^"]+)"|(\S+)')
_FORMS: Final = ("do", "done", "doing")


class _Begins(Frozen):
    words: str
    never: list[str] = Field(alias="not")


class _Rule(Frozen):
    name: str
    pattern: str
    unless: str = ""
    when: str = ""


class _Draft(Frozen):
    frame: str
    opens: str
    begins: str
    closes: str


class _TruthRow(Frozen):
    kind: str
    words: str
    says: str


class _File(Frozen):
    """`words/claims_LANGUAGE.toml`."""

    abbreviations: str
    joints: str
    spelling: dict[str, str]
    begins: _Begins
    classes: dict[str, str]
    verbs: dict[str, str]
    parts: dict[str, str]
    claims: list[_Rule]
    draft: _Draft
    truths: list[_TruthRow]
    continuations: dict[str, str]


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """One way to claim something."""

    name: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    only_of_requests: bool
    """Whether it is a claim only where something was asked for that is to be done."""

    def finds(self, sentence: str) -> bool:
        return bool(self.pattern.search(sentence)) and not (self.unless and self.unless.search(sentence))


@dataclass(frozen=True, slots=True)
class Truth:
    """What is said instead of a claim of one kind."""

    kind: str
    words: frozenset[str]
    says: str


@dataclass(frozen=True, slots=True)
class ClaimGrammar:
    """How claims are said in one language. Sentences are plain unless they are said to be as written."""

    abbreviations: frozenset[str]
    joints: frozenset[str]
    spelling: dict[str, str]
    beginnings: frozenset[str]
    never_begins: re.Pattern[str]
    rules: tuple[ClaimRule, ...]
    never: re.Pattern[str]
    assent: re.Pattern[str]
    details: re.Pattern[str]
    request: re.Pattern[str]
    text_wanted: re.Pattern[str]
    frame: re.Pattern[str]
    letter_opens: re.Pattern[str]
    letter_begins: re.Pattern[str]
    letter_closes: re.Pattern[str]
    truths: tuple[Truth, ...]
    continuations: dict[str, str]

    def plain(self, text: str) -> str:
        """A sentence as written, in plain words."""
        return plain(text, self.spelling)

    def claim(self, sentence: str, *, of_request: bool) -> ClaimRule | None:
        """The first rule by which the sentence claims an action."""
        if self.never.search(sentence):
            return None
        for rule in self.rules:
            if (of_request or not rule.only_of_requests) and rule.finds(sentence):
                return rule
        return None

    def truth(self, sentence: str, asked: str) -> Truth:
        """What is true where the sentence claims something; where it does not say what, of what was asked."""
        fitting = (self._truth_about(set(text.split())) for text in (sentence, asked))
        return next(filter(None, fitting), self.truths[-1])

    def _truth_about(self, words: set[str]) -> Truth | None:
        return next((truth for truth in self.truths if truth.words & words), None)


@cache
def grammar(language: str = "en") -> ClaimGrammar:
    """The grammar of a language. Takes tens of milliseconds the first time."""
    text = (files("senter.understanding") / "words" / f"claims_{language}.toml").read_text("utf-8")
    return _compiled(_File.model_validate(tomllib.loads(text)))


def _compiled(file: _File) -> ClaimGrammar:
    parts = _parts(file)
    return ClaimGrammar(
        abbreviations=frozenset(file.abbreviations.split()),
        joints=frozenset(file.joints.split()),
        spelling=file.spelling,
        beginnings=frozenset(file.begins.words.split()) | _action_words(parts),
        never_begins=_regex("|".join(file.begins.never), parts),
        rules=tuple(_rule(rule, parts) for rule in file.claims),
        never=_regex(file.parts["never"], parts),
        assent=re.compile(f"(?:{parts['begun']})$"),
        details=_regex("^(?:- )?(?:{details})", parts),
        request=re.compile(_filled(file.parts["request"], parts)),
        text_wanted=re.compile(_filled(file.parts["text"], parts)),
        frame=_regex(file.draft.frame, parts),
        letter_begins=_regex(file.draft.begins, parts),
        letter_opens=_regex(file.draft.opens, parts),
        letter_closes=_regex(file.draft.closes, parts),
        truths=tuple(Truth(row.kind, frozenset(_words(row.words)), row.says) for row in file.truths),
        continuations=file.continuations,
    )


def _action_words(parts: dict[str, str]) -> frozenset[str]:
    """What was done and is being done, where it is one word."""
    forms = f"{parts['always.done']}|{parts['always.doing']}".split("|")
    return frozenset(form for form in forms if form.isalpha())


def _rule(rule: _Rule, parts: dict[str, str]) -> ClaimRule:
    unless = _regex(rule.unless, parts) if rule.unless else None
    return ClaimRule(rule.name, _regex(rule.pattern, parts), unless, rule.when == "request")


def _parts(file: _File) -> dict[str, str]:
    """What may stand in braces in a pattern."""
    parts = {name: _one_line(text) for name, text in (file.classes | file.parts).items()}
    parts["adverbs"] = f"(?:(?:{parts['adverb']}) ){{0,6}}"
    parts["begun"] = f"(?:(?:{parts['begun']}) ){{0,8}}"
    for name, table in file.verbs.items():
        verbs = [[quoted or bare for quoted, bare in _VERB.findall(line)] for line in table.strip().splitlines()]
        parts |= {f"{name}.{form}": "|".join(verb[at] for verb in verbs) for at, form in enumerate(_FORMS)}
    return parts


def _regex(pattern: str, parts: dict[str, str]) -> re.Pattern[str]:
    """Whole words of the pattern."""
    return re.compile(rf"(?<!\S)(?:{_filled(pattern, parts)})(?!\S)")


def _filled(pattern: str, parts: dict[str, str]) -> str:
    pattern = _one_line(pattern)
    while _NAME.search(pattern):
        pattern = _NAME.sub(lambda found: f"(?:{parts[found[1]]})", pattern)
    return pattern


def _one_line(text: str) -> str:
    return _LINE_BREAK.sub("", text.strip())


def _words(text: str) -> list[str]:
    return text.split("|") if text else []
