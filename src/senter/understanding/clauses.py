"""The clauses of a text: pieces that each say one thing, with the signals that tell what kind of thing.

A sentence ends a clause. A comma or an `and` does where what follows begins something of its own: a request, a verb
behind something whole, another thing with a time of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from senter.understanding.cuts import parts_of
from senter.understanding.heads import head_of, signals_in
from senter.understanding.lexicon import WHEN, lexicon

CORRECTS = 80
"""Characters in which a time is corrected."""
_END = re.compile(r"[.!?]+[\"')\]]*(?=\s|$)|[\n;]+|\s+[-–—]+\s+|…+")
_SAYS = re.compile(r"[\w\x01\x02]")
_BEFORE, _BEHIND = " ,;:\n.!?)-–—", " ,;\n("
_NEIGHBOURS = frozenset(("question_mark", "asked", "conditional", "negated", "has_when", "undo_first", "dont_do"))
"""What tells something of the clauses beside, too; so does what a clause begins like."""


@dataclass(frozen=True, slots=True)
class SaidClause:
    """A piece of a text; places in it are counted from its own beginning."""

    begin: int
    """Where it stands in the text."""
    text: str
    masked: str
    head: int
    """Where it begins behind words of courtesy, requests and times."""
    signals: frozenset[str]
    beside: frozenset[str] = frozenset()
    """What the clauses before and after it begin like; `alone` where there are none."""
    continues: bool = False
    """Whether it says another thing of the kind of the clause before: `... and the dentist on friday`."""
    verb: str = ""
    """What the clause that it goes on with begins like: `cancel the dentist on monday` and the gym on friday."""

    @property
    def end(self) -> int:
        return self.begin + len(self.text)


def clauses_of(text: str, mask: str) -> tuple[SaidClause, ...]:
    """In order; what has no letter or digit is none."""
    parts = (part for begin, end in _sentences(mask) for part in parts_of(mask, begin, end))
    found = [clause for part in parts if (clause := _clause(text, mask, *part))]
    return tuple(_beside(found))


def _sentences(mask: str) -> Iterator[tuple[int, int]]:
    abbreviated, leading, corrects = (lexicon().cuts[name] for name in ("abbreviated", "only_time", "corrects"))
    begin = 0
    for found in _END.finditer(mask):
        if mask[found.start()] == "." and abbreviated.search(mask, max(begin, found.start() - 8), found.start()):
            continue
        if found[0].strip(" -–—") == "" and leading.match(mask[begin : found.start()]):
            continue  # `Wednesday 9:00 - dentist`
        if mask.endswith(WHEN, begin, found.start()) and corrects.match(mask, found.end(), found.end() + CORRECTS):
            continue  # `on wednesday - no, thursday`
        yield begin, found.end()
        begin = found.end()
    yield begin, len(mask)


def _clause(text: str, mask: str, start: int, stop: int, continues: bool) -> SaidClause | None:
    while start < stop and mask[start] in _BEFORE:
        start += 1
    while stop > start and mask[stop - 1] in _BEHIND:
        stop -= 1
    piece = mask[start:stop]
    if not _SAYS.search(piece) or lexicon().cuts["opener"].fullmatch(piece):
        return None  # `kannst du mir sagen, wann ...` asks what follows
    head = head_of(piece)
    return SaidClause(start, text[start:stop], piece, head.place, head.signals | signals_in(piece), continues=continues)


def _beside(clauses: list[SaidClause]) -> Iterator[SaidClause]:
    groups = lexicon().groups
    telling = groups["strong"] | groups["verb"] | groups["asking"] | groups["event"] | _NEIGHBOURS
    for place, clause in enumerate(clauses):
        before = _named("before", clauses[place - 1].signals & telling) if place else {"first"}
        is_last = place + 1 == len(clauses)
        after = {"last"} if is_last else _named("after", clauses[place + 1].signals & telling)
        yield replace(clause, beside=frozenset({"alone"} if len(clauses) == 1 else before | after))


def _named(where: str, signals: frozenset[str]) -> set[str]:
    return {f"{where}:{name}" for name in signals}
