"""What a sentence asks for: its clauses, each with what kind of thing is wanted and about what. English; pure.

Rules cannot understand a person. They look for the verb a clause begins with and take the rest for the
topic; a clause that begins with no verb they know is `OTHER`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from senter.components.task_engine.offline import verbs
from senter.components.task_engine.offline.actions import NEXT_ACTION, OPENING, actions_in, is_action_request, verbs_of
from senter.components.task_engine.offline.places import READABLE, folder_in, named_in
from senter.components.task_engine.offline.request import Clause, ClauseKind, Request
from senter.text import one_line

LONGEST_TOPIC = 300
MOST_ACTS = 6
MOST_ITEMS = 10
"""Compared at once: as many as a plan has room for, with a table and a conclusion."""
MOST_POLITE = 8
"""Words such as `please` and `then` that are looked past for a verb."""
_AROUND = " \t,;.!?"


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


_KINDS = (ClauseKind.RESEARCH, ClauseKind.WRITE, ClauseKind.COMPARE, ClauseKind.ORGANISE)
_BEGINS = {kind: _pattern(rf"^(?:{verbs_of(kind)})\b[\s:]*") for kind in _KINDS}
_BOUNDARY = _pattern(
    rf"(?:(?:[,;]\s*|[.!?:]\s+)(?:and\s+)?(?:then\s+)?|\s+and\s+(?:then\s+)?|\s+then\s+)(?=(?:(?:{verbs.POLITE})\s+)"
    rf"{{0,{MOST_POLITE}}}+(?:(?:{'|'.join(map(verbs_of, _KINDS))})\b|(?P<action>{NEXT_ACTION})))"
)
_HOLDS_BACK = _pattern(rf"\s*(?:{verbs.HOLDS_BACK})\b")
_SPEAKS_OF = re.compile(verbs.SPEAKS_OF)
_LOOKS = _pattern(rf"^(?:{verbs_of(ClauseKind.LOOK)})\b\s*")
_VERSUS = _pattern(verbs.VERSUS)
_FORM = _pattern(
    rf"^(?:(?:me|us)\s+)?(?:(?:an?|the|my|some|one|it|this|them)\s+)?(?P<before>(?:[\w-]+\s+){{0,3}}?)(?P<form>{verbs.FORMS})s?\b"
)
_STYLE = _pattern(rf"\b(?:{verbs.STYLES})\s+")
_ADDRESS = re.compile(r"(?<![^@\s<>,;:])[^@\s<>,;:]+@[^@\s<>,;:]*[^@\s<>,;:.!?]")
_BESIDE_A_NAME = _pattern(
    r"^(?:and\s+)?(?:(?:tell|show) (?:me|us)\s+)?(?:what (?:it|they|is in|there is)\s*)?"
    r"(?:says?|is about|contains?|about (?:it|them))?$|\s*\band$"
)
_ABOUT = _pattern(r"^[\s,]*(?:of|on|about|regarding|concerning|for|to|that|which|explaining|describing|from)?\s+")
_RECIPIENT = _pattern(r"^(?:to|for)\s+.{1,80}?\s+(?:about|on|regarding|concerning|that|saying)\s+")
_ONLY_RECIPIENT = _pattern(r"^(?:to|for)\s+.{1,80}$")
_POINTS_BACK = _pattern(
    r"^(?:(?:it|this|that|them|these|those|me|us|everything)(?: up| down)?|up|(?:about |on |of )?(?:it|this|that|them)|"
    r"(?:the |your |my )?(?:results?|findings?|sources?))?[\s.!]*$"
)
_LEADING = _pattern(
    r"^(?:(?:me|us|for|about|on|of|out|information|everything|all|more|what|"
    r"(?:my|our|the) (?:notes|documents|files|papers)(?: say| tell)?)\s+)+"
)
_TO_ME = _pattern(r"^(?:me|us)\s+")
_FOR_ME = _pattern(r"\s+for (?:me|us)$")
_BETWEEN = _pattern(r"^(?:(?:the )?differences? between|between|the)\s+")
_PURPOSE = _pattern(r"\s+(?:for|in terms of|regarding|with respect to|by)\s+")
_ITEMS = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|with|to|against|or)\s+")


def understand(text: str, folders: Sequence[str] = ()) -> Request:
    """What a text asks for, where there are these folders: at most `MOST_ACTS` acts, the last with all that is left.

    Takes a time in proportion to the text, but how long is nobody's promise: long texts are read in a child.
    """
    said = one_line(text)
    clauses = [clause for clause in _clauses(said) if clause]
    if len(clauses) > MOST_ACTS:
        clauses = [*clauses[: MOST_ACTS - 1], "; ".join(clauses[MOST_ACTS - 1 :])]
    return Request(said, tuple(_act(clause, folders) for clause in clauses or [""]))


def _clauses(text: str) -> Iterator[str]:
    begin, is_about_actions = 0, False
    for boundary in _BOUNDARY.finditer(text):
        if text.count("`", begin, boundary.start()) % 2:
            continue
        if boundary["action"]:
            if boundary[0].startswith(":"):
                continue
            # The words of an action may belong to the clause before them.
            speaks = is_about_actions or _HOLDS_BACK.match(text, begin)
            is_about_actions = bool(speaks or _SPEAKS_OF.search(text, begin, boundary.start()))
            if is_about_actions:
                continue
        yield _bare(text[begin : boundary.start()])
        begin, is_about_actions = boundary.end(), False
    yield _bare(text[begin:])


def _bare(clause: str) -> str:
    return OPENING.sub("", clause.strip(_AROUND)).strip(_AROUND)


def _act(clause: str, folders: Sequence[str]) -> Clause:
    """One clause with all that was said."""
    act = replace(_kind_and_topic(clause), actions=actions_in(clause))
    if act.kind is ClauseKind.ORGANISE:
        folder, by = folder_in(act.topic, folders)
        return replace(act, folder=folder, by=by)
    return act


def _kind_and_topic(clause: str) -> Clause:
    if is_action_request(clause) and not _BEGINS[ClauseKind.ORGANISE].match(clause):
        return Clause(ClauseKind.ACTION, clause, _cut(_trim(clause)))
    for kind, begins in _BEGINS.items():
        if found := begins.match(clause):
            return _READERS[kind](clause, _trim(clause[found.end() :]))
    if _LOOKS.match(clause) and named_in(clause):
        return _research(clause, "")
    if _VERSUS.search(clause):
        return _comparison(clause, _trim(clause))
    return Clause(ClauseKind.OTHER, clause, _cut(_trim(clause)))


def _research(clause: str, rest: str) -> Clause:
    named = named_in(clause)
    if named:
        beside = READABLE.sub(" ", _LOOKS.sub("", _BEGINS[ClauseKind.RESEARCH].sub("", clause, count=1), count=1))
        rest = _trim(_BESIDE_A_NAME.sub("", _trim(" ".join(beside.split()))))
    return Clause(ClauseKind.RESEARCH, clause, _topic(_LEADING.sub("", rest)), named=named)


def _writing(clause: str, rest: str) -> Clause:
    found = _FORM.match(rest)
    if found is None:
        return Clause(ClauseKind.WRITE, clause, _topic(_TO_ME.sub("", rest)))
    form, after = found["form"].lower(), rest[found.end() :].strip()
    about = _RECIPIENT.sub("", after)
    if form in verbs.CORRESPONDENCE and _ONLY_RECIPIENT.match(about):
        about = ""
    topic = _trim(_ABOUT.sub("", f" {about}")) or _trim(_STYLE.sub("", found["before"]))
    addresses = tuple(dict.fromkeys(_ADDRESS.findall(after))) if form in verbs.EMAIL else ()
    return Clause(ClauseKind.WRITE, clause, _topic(topic), form=form, addresses=addresses)


def _comparison(clause: str, rest: str) -> Clause:
    """`A and B for cooking` is about A and B, with cooking in view."""
    what = _FOR_ME.sub("", _BETWEEN.sub("", _VERSUS.sub(" , ", rest).strip(" ,")))
    what, *purpose = _PURPOSE.split(what, maxsplit=1)
    pieces = (_trim(piece) for piece in _ITEMS.split(what))
    items = tuple(dict.fromkeys(piece for piece in pieces if piece))
    fitting = tuple(map(_cut, items)) if 2 <= len(items) <= MOST_ITEMS else ()
    return Clause(ClauseKind.COMPARE, clause, _cut("".join(purpose)), items=fitting)


_READERS: Mapping[ClauseKind, Callable[[str, str], Clause]] = {
    ClauseKind.RESEARCH: _research,
    ClauseKind.WRITE: _writing,
    ClauseKind.COMPARE: _comparison,
    ClauseKind.ORGANISE: lambda clause, rest: Clause(ClauseKind.ORGANISE, clause, _cut(rest)),
}


def _topic(words: str) -> str:
    return "" if _POINTS_BACK.match(words) else _cut(words)


def _trim(text: str) -> str:
    return text.strip(" \t,;.!?:\"'“”")


def _cut(topic: str) -> str:
    return topic if len(topic) <= LONGEST_TOPIC else topic[:LONGEST_TOPIC].rpartition(" ")[0] or topic[:LONGEST_TOPIC]
