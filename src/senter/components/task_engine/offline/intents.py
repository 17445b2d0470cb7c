"""What a sentence asks for: its clauses, each with what kind of thing is wanted and about what. English; pure.

Rules cannot understand a person. They look for the verb a clause begins with and take the rest for the
topic; a clause that begins with no verb they know is `OTHER`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from senter.components.task_engine.offline.actions import NEXT_DEED, asks_to_act
from senter.components.task_engine.offline.places import READABLE, named_in
from senter.text import one_line

LONGEST_TOPIC = 300
MOST_CLAUSES = 6
MOST_ITEMS = 10
"""Compared at once: as many as a plan has room for, with a table and a conclusion."""
MOST_POLITE = 8
"""Words such as `please` and `then` that are looked past for a verb."""


class Kind(StrEnum):
    RESEARCH = "research"
    WRITE = "write"
    COMPARE = "compare"
    ORGANISE = "organise"
    REMIND = "remind"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Intent:
    """One clause. `topic` is empty where it only points back ("write it up")."""

    kind: Kind
    text: str
    topic: str
    form: str = ""
    """What is to be written: summary, email, poem ..."""
    items: tuple[str, ...] = ()
    """What is to be compared."""
    named: tuple[str, ...] = ()
    """Files and pages that are to be read."""
    addresses: tuple[str, ...] = ()
    """E-mail addresses that what is to be written is for."""


_VERBS = {
    Kind.RESEARCH: r"research|find out(?: about)?|find|search(?: for)?|learn(?: about)?|look (?:up|into|for)|"
    r"investigate|study|explore|summari[sz]e|read up on|gather information (?:on|about)",
    Kind.WRITE: r"write up|write|draft|create|compose|prepare",
    Kind.COMPARE: r"compare|contrast",
    Kind.ORGANISE: r"organi[sz]e|tidy(?: up)?|sort(?: out)?|clean up",
    Kind.REMIND: r"remind",
}
_ANY_VERB = "|".join(_VERBS.values())
_POLITE = (
    r"(?:please|kindly|can you|could you|would you|will you|i need(?: you)? to|i want(?: you)? to|i'd like(?: you)? to|"
    r"help me(?: to)?|let's|senter|hey|go and|also|then|and|to)"
)
_OPENING = re.compile(rf"^(?:{_POLITE}\b[\s,:]*)+", re.IGNORECASE)
_BOUNDARY = re.compile(
    rf"(?:(?:[,;]\s*|[.!?:]\s+)(?:and\s+)?(?:then\s+)?|\s+and\s+(?:then\s+)?|\s+then\s+)"
    rf"(?=(?:{_POLITE}\s+){{0,{MOST_POLITE}}}+(?:(?:{_ANY_VERB})\b|(?P<deed>{NEXT_DEED})))",
    re.IGNORECASE,
)
# `how to choose a bicycle and buy it` is about buying; it is no request to buy.
_SPEAKS_OF_DEEDS = re.compile(
    r"\b(?:must|should|that|who|which)\s+[a-z]|"
    r"\bto\s+(?!(?:my|the|an?|our|your|his|her|their|it|me|us|him|them|this|that|these|those|all)\b|\S*@|~?/)[a-z]"
)
# `Note: delete /a` and `if it rains, delete /a` ask for no deed here and now.
_HOLDS_BACK = re.compile(
    r"\s*(?:if|when(?:ever)?|unless|once|until|before|after|in case|never|do not|don['’]t)\b", re.IGNORECASE
)
_BEGINS = {kind: re.compile(rf"^(?:{verbs})\b[\s:]*", re.IGNORECASE) for kind, verbs in _VERBS.items()}
_VERSUS = re.compile(
    r"\s+(?:vs\.?|versus)\s+|^(?:what(?:'s| is| are) the )?differences? between\s+|"
    r"\s*:\s*(?:what(?:'s| is) )?the differences?$",
    re.IGNORECASE,
)

_FORMS = (
    "summary|overview|report|digest|brief|note|memo|email|e-mail|mail|letter|message|essay|article|blog post|post|poem|"
    "story|speech|outline|proposal|plan|list|table|text|paper|review|introduction|conclusion|presentation|guide|readme"
)
_FORM = re.compile(
    rf"^(?:(?:me|us)\s+)?(?:(?:an?|the|my|some|one|it|this|them)\s+)?(?P<before>(?:[\w-]+\s+){{0,3}}?)(?P<form>{_FORMS})s?\b",
    re.IGNORECASE,
)
_STYLE = re.compile(
    r"\b(?:short|brief|quick|long|detailed|thorough|concise|clear|simple|nice|good|great|new|small|little|friendly|warm|"
    r"kind|polite|formal|informal|funny|sad|happy|one-page|first|final)\s+",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?<![^@\s<>,;:])[^@\s<>,;:]+@[^@\s<>,;:]*[^@\s<>,;:.!?]")
_READS = re.compile(
    r"^(?:read|open|show(?: me)?|view|look at|explain|describe|analy[sz]e|what (?:is in|does|do)|"
    r"tell me what(?: is in)?)\b\s*",
    re.IGNORECASE,
)
_BESIDE_A_NAME = re.compile(
    r"^(?:and\s+)?(?:(?:tell|show) (?:me|us)\s+)?(?:what (?:it|they|is in|there is)\s*)?"
    r"(?:says?|is about|contains?|about (?:it|them))?$|\s*\band$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^[\s,]*(?:of|on|about|regarding|concerning|for|to|that|which|explaining|describing|from)?\s+", re.IGNORECASE
)
_RECIPIENT = re.compile(r"^(?:to|for)\s+.{1,80}?\s+(?:about|on|regarding|concerning|that|saying)\s+", re.IGNORECASE)
_ONLY_RECIPIENT = re.compile(r"^(?:to|for)\s+.{1,80}$", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"^(?:(?:it|this|that|them|these|those|me|us|everything)(?: up| down)?|up|(?:about |on |of )?(?:it|this|that|them)|"
    r"(?:the |your |my )?(?:results?|findings?|sources?))?[\s.!]*$",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:(?:me|us|for|about|on|of|out|information|everything|all|more|what|"
    r"(?:my|our|the) (?:notes|documents|files|papers)(?: say| tell)?)\s+)+",
    re.IGNORECASE,
)
EMAIL = frozenset({"email", "e-mail", "mail"})
CORRESPONDENCE = EMAIL | {"letter", "message"}
_LIKE_SUMMARY = frozenset({"summary", "overview", "report", "digest", "brief", "note", "table", "conclusion", "list"})


def intents(text: str) -> list[Intent]:
    """The clauses of a text, in order; at least one, at most `MOST_CLAUSES`, the last with all that is left."""
    clauses = [clause for clause in _clauses(one_line(text)) if clause]
    if len(clauses) > MOST_CLAUSES:
        clauses = [*clauses[: MOST_CLAUSES - 1], "; ".join(clauses[MOST_CLAUSES - 1 :])]
    return [intent(clause) for clause in clauses] or [Intent(Kind.OTHER, "", "")]


def intent(clause: str) -> Intent:
    """What one clause asks for."""
    if asks_to_act(clause) and not _BEGINS[Kind.ORGANISE].match(clause):
        return Intent(Kind.OTHER, clause, _cut(_trim(clause)))
    for kind, begins in _BEGINS.items():
        if found := begins.match(clause):
            return _KNOWN[kind](clause, _trim(clause[found.end() :]))
    if _READS.match(clause) and named_in(clause):
        return _research(clause, "")
    if _VERSUS.search(clause):
        return _comparison(clause, _trim(clause))
    return Intent(Kind.OTHER, clause, _cut(_trim(clause)))


def topic_of(text: str) -> str:
    """What a text that asks for research or a comparison is about; all of it where rules do not see that."""
    wanted = (each for each in intents(text) if each.kind in (Kind.RESEARCH, Kind.COMPARE))
    topics = (", ".join(each.items) or each.topic for each in wanted)
    return next((topic for topic in topics if topic), text)


def is_like_summary(wanted: Intent) -> bool:
    """Whether what is to be written is what research and comparing end in anyway."""
    return wanted.kind is Kind.WRITE and (wanted.form in _LIKE_SUMMARY or not (wanted.form or wanted.topic))


def _clauses(text: str) -> Iterator[str]:
    begin, is_about_deeds = 0, False
    for boundary in _BOUNDARY.finditer(text):
        if text.count("`", begin, boundary.start()) % 2:
            continue
        if boundary["deed"]:
            if boundary[0].startswith(":"):
                continue
            is_about_deeds = is_about_deeds or _is_about_deeds(text, begin, boundary.start())
            if is_about_deeds:
                continue
        yield _bare(text[begin : boundary.start()])
        begin, is_about_deeds = boundary.end(), False
    yield _bare(text[begin:])


def _is_about_deeds(text: str, begin: int, end: int) -> bool:
    """Whether the words of a deed that follow belong to the clause that stands before them, here from begin to end."""
    return bool(_HOLDS_BACK.match(text, begin) or _SPEAKS_OF_DEEDS.search(text, begin, end))


def _bare(clause: str) -> str:
    return _OPENING.sub("", clause.strip(" \t,;.!?")).strip(" \t,;.!?")


def _research(clause: str, rest: str) -> Intent:
    named = named_in(clause)
    if named:
        rest = _trim(_BESIDE_A_NAME.sub("", _trim(" ".join(READABLE.sub(" ", _without_verb(clause)).split()))))
    topic = _LEADING.sub("", rest)
    return Intent(Kind.RESEARCH, clause, "" if _POINTS_BACK.match(topic) else _cut(topic), named=named)


def _without_verb(clause: str) -> str:
    return _READS.sub("", _BEGINS[Kind.RESEARCH].sub("", clause, count=1), count=1)


def _writing(clause: str, rest: str) -> Intent:
    found = _FORM.match(rest)
    if found is None:
        topic = re.sub(r"^(?:me|us)\s+", "", rest, flags=re.IGNORECASE)
        return Intent(Kind.WRITE, clause, "" if _POINTS_BACK.match(topic) else _cut(topic))
    form, after = found["form"].lower(), rest[found.end() :].strip()
    about = _RECIPIENT.sub("", after)
    if form in CORRESPONDENCE and _ONLY_RECIPIENT.match(about):
        about = ""
    topic = _trim(_ABOUT.sub("", f" {about}")) or _trim(_STYLE.sub("", found["before"]))
    addresses = tuple(dict.fromkeys(_ADDRESS.findall(after))) if form in EMAIL else ()
    return Intent(Kind.WRITE, clause, "" if _POINTS_BACK.match(topic) else _cut(topic), form=form, addresses=addresses)


def _comparison(clause: str, rest: str) -> Intent:
    what = re.sub(
        r"^(?:(?:the )?differences? between|between|the)\s+", "", _VERSUS.sub(" , ", rest).strip(" ,"), flags=re.I
    )
    what, purpose = _split_purpose(what)
    pieces = re.split(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|with|to|against|or)\s+", what)
    items = tuple(dict.fromkeys(piece for piece in (_trim(piece) for piece in pieces) if piece))
    if not 2 <= len(items) <= MOST_ITEMS:
        return Intent(Kind.COMPARE, clause, _cut(purpose))
    return Intent(Kind.COMPARE, clause, _cut(purpose), items=tuple(map(_cut, items)))


def _split_purpose(what: str) -> tuple[str, str]:
    """`A and B for cooking` is about A and B, with cooking in view."""
    what = re.sub(r"\s+for (?:me|us)$", "", what, flags=re.IGNORECASE)
    found = re.search(r"\s+(?:for|in terms of|regarding|with respect to|by)\s+", what, re.IGNORECASE)
    return (what[: found.start()], what[found.end() :]) if found else (what, "")


def _organising(clause: str, rest: str) -> Intent:
    return Intent(Kind.ORGANISE, clause, _cut(rest))


def _reminder(clause: str, rest: str) -> Intent:
    what = re.sub(r"^(?:me|us)\s+(?:(?:to|of|about|that)\s+)?", "", rest, flags=re.IGNORECASE)
    return Intent(Kind.REMIND, clause, _cut(what))


_KNOWN = {
    Kind.RESEARCH: _research,
    Kind.WRITE: _writing,
    Kind.COMPARE: _comparison,
    Kind.ORGANISE: _organising,
    Kind.REMIND: _reminder,
}


def _trim(text: str) -> str:
    return text.strip(" \t,;.!?:\"'“”")


def _cut(topic: str) -> str:
    return topic if len(topic) <= LONGEST_TOPIC else topic[:LONGEST_TOPIC].rpartition(" ")[0] or topic[:LONGEST_TOPIC]
