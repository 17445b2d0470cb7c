"""What is said of something that exists, and asks for nothing: that it does not take place, or is at another time.

`No choir this week`, `yoga is off on Thursday`, `next week's choir is at 19:00`, `piano is on Thursdays from now on`.
Words of time are left out of what is read here: they stand anywhere in such a sentence. Whether there is such a thing,
and at that time, decides whether anything is meant by it.
"""

from __future__ import annotations

import re

from senter.understanding.clauses import SaidClause
from senter.understanding.lexicon import WHEN, lexicon

LONGEST = 120
"""Characters: who says more says more than that."""
_TIME = re.compile(rf"{WHEN}+(?:'?s\b)?")


def said_to_be_off(clause: SaidClause) -> str:
    """What does not take place; empty where that is not what is said."""
    return _named("off", clause.masked)


def said_to_be_at(clause: SaidClause) -> str:
    """What is at a time that stands beside it; empty where that is not what is said, and of a request."""
    return "" if _asks(clause) else _named("at", clause.masked)


def said_to_move(clause: SaidClause) -> str:
    """What is at another time than before, in so many words: `the dentist is at 4 now`."""
    return "" if _asks(clause) else _named("moved", clause.masked)


def thing_said(clause: SaidClause) -> str:
    """What any of these sentences is about, in the words of the text."""
    said = said_to_be_off(clause) or said_to_move(clause) or said_to_be_at(clause)
    begin = clause.masked.find(said)
    return clause.text[begin : begin + len(said)] if begin >= 0 else said


def _asks(clause: SaidClause) -> bool:
    groups = lexicon().groups
    return bool(clause.signals & (groups["verb"] | groups["strong"]))


def _named(name: str, mask: str) -> str:
    if len(mask) > LONGEST or WHEN not in mask:
        return ""
    found = lexicon().statements[name].fullmatch(_without_times(mask))
    return next((said for said in found.groups() if said), "") if found else ""


def _without_times(mask: str) -> str:
    """With the little words before them that belong to them, and without marks."""
    around, rest, reached = lexicon().gists.around_when, "", 0
    for found in _TIME.finditer(mask):
        before = around.search(mask, reached, found.start())
        rest += f"{mask[reached : before.start() if before else found.start()]} "
        reached = found.end()
    return " ".join(f"{rest}{mask[reached:]}".replace(",", " ").split()).strip(" .!")
