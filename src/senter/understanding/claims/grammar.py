"""The words of one language that claims are made of, read from its file, and what is like known claims."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import Field

from senter.messages.message import Frozen
from senter.understanding.claims.features import AskedFor, features_of
from senter.understanding.claims.patterns import Pattern
from senter.understanding.claims.plain import plain
from senter.understanding.classifier import Classifier, classifier

_NAME: Final = re.compile(r"\{([a-z_.]+)\}")
_LINE_BREAK: Final = re.compile(r"\s*\n\s*")
_VERB: Final = re.compile(r'"([^"]+)"|(\S+)')
_ONE_WORD: Final = re.compile(r"[a-z|]+")
CLAIM: Final = "claim"
"""What the classifier calls a claim; all else is `NO_CLAIM`."""
NO_CLAIM: Final = "none"
_FORMS: Final = ("do", "done", "doing")


class _Begins(Frozen):
    words: str
    never: list[str] = Field(alias="not")


class _Rule(Frozen):
    name: str
    pattern: str
    after: str = ""
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


class _Allowed(Frozen):
    before: str
    says: str
    fact: str


class _ClaimWords(Frozen):
    """`words/claims_LANGUAGE.toml`."""

    abbreviations: str
    joints: str
    spelling: dict[str, str]
    phrases: dict[str, str]
    begins: _Begins
    classes: dict[str, str]
    verbs: dict[str, str]
    parts: dict[str, str]
    claims: list[_Rule]
    asked: dict[AskedFor, str]
    allowed: _Allowed
    likeness: dict[AskedFor, float]
    alike: dict[str, str]
    draft: _Draft
    truths: list[_TruthRow]
    continuations: dict[str, str]


class Claimed(StrEnum):
    """How much of a sentence claims something."""

    PART = "part"
    """From some word on."""
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """One way to claim something."""

    name: str
    pattern: Pattern
    after: Pattern | None
    """What claims nothing stands behind this: `if`."""
    unless: Pattern | None
    """What claims nothing holds this somewhere."""
    only_of_requests: bool
    """Whether it is a claim only where something was to be done."""

    def finds(self, sentence: str) -> bool:
        if self.unless and self.unless.search(sentence):
            return False
        return any(not self._is_supposed(sentence[: found.start()]) for found in self.pattern.finditer(sentence))

    def _is_supposed(self, before: str) -> bool:
        return bool(self.after and self.after.search(before))


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
    phrases: dict[str, str]
    beginnings: frozenset[str]
    never_begins: Pattern
    rules: tuple[ClaimRule, ...]
    never: Pattern
    assent: Pattern
    details: Pattern
    deed: Pattern
    knowledge: Pattern
    beside: Pattern
    supposed: Pattern
    allowed: Pattern
    likeness: dict[AskedFor, float]
    alike: dict[str, str]
    """The class of a word."""
    text_wanted: Pattern
    code_wanted: Pattern
    frame: Pattern
    letter_opens: Pattern
    letter_begins: Pattern
    letter_closes: Pattern
    truths: tuple[Truth, ...]
    continuations: dict[str, str]

    def plain(self, text: str) -> str:
        """A sentence as written, in plain words."""
        words = plain(text, self.spelling)
        for short, long in self.phrases.items():
            words = words.replace(short, long)
        return words

    def asked_for(self, asked: str) -> AskedFor:
        """What a text in plain words asks for."""
        if self.text_wanted.match(asked):
            return AskedFor.KNOWLEDGE
        if self.deed.match(asked):
            return AskedFor.DEED
        return AskedFor.KNOWLEDGE if not asked or self.knowledge.match(asked) else AskedFor.TELLING

    def claimed(self, sentence: str, asked_for: AskedFor, model: Classifier | None = None) -> Claimed | None:
        """How much of the sentence claims an action; `model` stands for the shipped classifier where it is judged."""
        if self.never.search(sentence):
            return None
        if rule := self._rule_for(sentence, asked_for):
            return Claimed.WHOLE if rule.only_of_requests else Claimed.PART
        return Claimed.WHOLE if self._is_like_a_claim(sentence, asked_for, model or classifier("claims")) else None

    def claims_in_so_many_words(self, sentence: str) -> bool:
        """Whether it does whatever was asked, and however unlike other claims it is."""
        return not self.never.search(sentence) and self._rule_for(sentence, AskedFor.KNOWLEDGE) is not None

    def _rule_for(self, sentence: str, asked_for: AskedFor) -> ClaimRule | None:
        rules = (rule for rule in self.rules if asked_for is AskedFor.DEED or not rule.only_of_requests)
        return next((rule for rule in rules if rule.finds(sentence)), None)

    def _is_like_a_claim(self, sentence: str, asked_for: AskedFor, model: Classifier) -> bool:
        if asked_for is not AskedFor.KNOWLEDGE and self.allowed.match(sentence):
            return False
        likeness = max(self._likeness(said, asked_for, model) for said in {sentence, *self.statements_in(sentence)})
        return likeness >= self.likeness[asked_for]

    def _likeness(self, said: str, asked_for: AskedFor, model: Classifier) -> float:
        return model.probabilities(features_of(said.split(), asked_for, self.alike))[CLAIM]

    def statements_in(self, sentence: str) -> list[str]:
        """What it says beside something else, as in `it rains, and I have closed the windows`."""
        first, *others = self.beside.split(sentence)
        return [] if self.supposed.search(first) else [*filter(None, map(str.strip, others))]

    def truth(self, sentence: str, asked: str) -> Truth:
        """What is true where the sentence claims something; where it does not say what, of what was asked."""
        fitting = (self._truth_about(set(text.split())) for text in (sentence, asked))
        return next(filter(None, fitting), self.truths[-1])

    def _truth_about(self, words: set[str]) -> Truth | None:
        return next((truth for truth in self.truths if truth.words & words), None)


@cache
def grammar(language: str = "en") -> ClaimGrammar:
    """The grammar of a language. Takes milliseconds the first time; patterns are compiled when they are used."""
    text = (files("senter.understanding") / "words" / f"claims_{language}.toml").read_text("utf-8")
    return _compiled(_ClaimWords.model_validate(tomllib.loads(text)))


def _compiled(file: _ClaimWords) -> ClaimGrammar:
    parts = _parts(file)
    return ClaimGrammar(
        abbreviations=frozenset(file.abbreviations.split()),
        joints=frozenset(file.joints.split()),
        spelling=file.spelling,
        phrases=file.phrases,
        beginnings=frozenset(file.begins.words.split()) | _action_words(file.verbs["always"]),
        never_begins=_regex("|".join(file.begins.never), parts),
        rules=tuple(_rule(rule, parts) for rule in file.claims),
        never=_regex(file.parts["never"], parts),
        assent=Pattern(f"(?:{parts['begun']})$"),
        details=_regex("^(?:- )?(?:{details})", parts),
        code_wanted=Pattern(_filled(file.parts["code"], parts)),
        deed=Pattern(_filled(file.asked[AskedFor.DEED], parts)),
        knowledge=Pattern(_filled(file.asked[AskedFor.KNOWLEDGE], parts)),
        allowed=Pattern(
            _filled(f"(?:(?:{file.allowed.before}) )*(?:{file.allowed.says}|{file.allowed.fact})|{{begun}}$", parts)
        ),
        likeness=file.likeness,
        beside=_regex(file.parts["beside"], parts),
        supposed=_regex(file.parts["supposed"], parts),
        alike=_alike(file),
        text_wanted=Pattern(_filled(file.parts["text"], parts)),
        frame=_regex(file.draft.frame, parts),
        letter_begins=_regex(file.draft.begins, parts),
        letter_opens=_regex(file.draft.opens, parts),
        letter_closes=_regex(file.draft.closes, parts),
        truths=tuple(Truth(row.kind, frozenset(_words(row.words)), row.says) for row in file.truths),
        continuations=file.continuations,
    )


def _alike(file: _ClaimWords) -> dict[str, str]:
    """The classes of words: those of their own, and the forms of verbs."""
    words = {word: name for name, row in file.alike.items() for word in row.split()}
    verbs = (row for table in file.verbs.values() for row in _forms(table))
    forms = (
        (form, name) for row in verbs for forms, name in zip(row, _FORMS, strict=True) for form in forms.split("|")
    )
    return {form: f"<{name}>" for form, name in forms if _ONE_WORD.fullmatch(form)} | {
        word: f"<{name}>" for word, name in words.items()
    }


def _action_words(verbs: str) -> frozenset[str]:
    """What was done and is being done, where it is one word."""
    forms = (form for _, *later in _forms(verbs) for form in later if _ONE_WORD.fullmatch(form))
    return frozenset(word for form in forms for word in form.split("|"))


def _forms(verbs: str) -> list[list[str]]:
    """The three forms of each verb of a table."""
    return [[quoted or bare for quoted, bare in _VERB.findall(line)] for line in verbs.strip().splitlines()]


def _rule(rule: _Rule, parts: dict[str, str]) -> ClaimRule:
    after = _regex(f"(?:{rule.after}) $", parts) if rule.after else None
    unless = _regex(rule.unless, parts) if rule.unless else None
    return ClaimRule(rule.name, _regex(rule.pattern, parts), after, unless, rule.when == "request")


def _parts(file: _ClaimWords) -> dict[str, str]:
    """What may stand in braces in a pattern."""
    parts = {name: _one_line(text) for name, text in (file.classes | file.parts).items()}
    parts["adverbs"] = f"(?:(?:{parts['adverb']}) ){{0,6}}"
    parts["begun"] = f"(?:(?:{parts['begun']}) ){{0,8}}"
    for name, table in file.verbs.items():
        parts |= {f"{name}.{form}": "|".join(verb[at] for verb in _forms(table)) for at, form in enumerate(_FORMS)}
    return parts


def _regex(pattern: str, parts: dict[str, str]) -> Pattern:
    """Whole words of the pattern."""
    return Pattern(rf"(?<!\S)(?:{_filled(pattern, parts)})(?!\S)")


def _filled(pattern: str, parts: dict[str, str]) -> str:
    pattern = _one_line(pattern)
    while _NAME.search(pattern):
        pattern = _NAME.sub(lambda found: f"(?:{parts[found[1]]})", pattern)
    return pattern


def _one_line(text: str) -> str:
    return _LINE_BREAK.sub("", text.strip())


def _words(text: str) -> list[str]:
    return text.split("|") if text else []
