"""The clauses of a text: pieces that each say one thing, with the signals that tell what kind of thing.

A sentence ends a clause. A comma or an `and` does where what follows begins something of its own: a request, a verb
behind something whole, another thing with a time of its own. All in one pass; a place is looked at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from senter.understanding.lexicon import WHEN, Lexicon, lexicon

VIEW = 240
"""How far ahead of a place is looked for what begins there."""
_HARD = re.compile(r"[.!?]+[\"')\]]*(?=\s|$)|[\n;]+|\s+[-–—]+\s+|…+")
_SOFT = r"\s*,\s*(?:(?:and|then|but|plus|also|or|so|oh|ah)\s+)*|\s+(?:and|then|but|plus|also|&|\+|oh|so)\s+(?:(?:and|then|also|oh)\s+)*|\s*:\s+|\s+[(]\s*"
_BARE = r"\s+(?=(?:(?:can|could|would|will) (?:you|u) (?:\w+ )?\w+ me|please|pls|remind me (?:to|about|that|of|at|when|in|on|" + WHEN + r")|wake me|don't let me forget|i (?:need|have) to|i've got to|i gotta)\b)|(?<=" + WHEN + r")\s+(?=[a-z])"
_ABBREVIATED = re.compile(r"(?:\b(?:mr|mrs|ms|dr|st|prof|vs|no|approx|etc|e\.g|i\.e|a\.m|p\.m)|\b[a-z]|^\d{1,2})$")
_GOVERNED = re.compile(
    r"\b(?:to|that|if|whether|because|since|when|who|which|and|or|said|says|told|asked|me|you|should|would|could|can"
    r"|must|will|not|don't|didn't|the|a|my|of|about|what|how|why|where|before|after|until|as|than|think|know|hope|wish"
    r"|so|but|like|titled|called|think|guess|suppose|says|wrote|why|do|did|does|while|though|although|unless|once|him|her|it)$"
)
_COMMENT = re.compile(
    r"(?:he|she|it|they|this|which|who|where|because|since|as|so that|otherwise|else|though|although|if|unless|"
    r"it's|that's|he's|she's|they're|you|even|especially|except|not|no|for|with|at|in|on|or)\b"
)
STRONG = frozenset(
    "remind_me give_a_nudge set_reminder i_need_reminder no_forgetting dont_forget to_calendar goal_modal goal_noun "
    "goal_promise done_first note_first undo_first change_it make_it i_have_event stop_doing tell_when".split()
)
VERB = frozenset("work_first bare_verb change_thing make_event add_event pencil block_time remind_weak".split())
ASKING = frozenset("ask_word ask_aux ask_tell ask_list".split())
INFINITIVE = frozenset(
    "remind_me remind_weak give_a_nudge set_reminder i_need_reminder no_forgetting dont_forget goal_modal goal_noun goal_promise".split()
)
GOAL = frozenset("goal_modal goal_noun goal_promise".split())
DONE = frozenset(("done_first", "thing_done"))
LIKE_EVENT = frozenset("event_first i_have_event i_meet to_calendar make_event add_event pencil block_time birthday".split())

TELLING = STRONG | VERB | ASKING | LIKE_EVENT | {"question_mark", "asked", "conditional", "negated", "has_when", "undo_first"}
"""What of its neighbours tells something of a clause."""


@dataclass(frozen=True, slots=True)
class Clause:
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

    @property
    def end(self) -> int:
        return self.begin + len(self.text)


@dataclass(frozen=True, slots=True)
class _Grammar:
    lead: re.Pattern[str]
    request: re.Pattern[str]
    soft: re.Pattern[str]
    heads: dict[str, re.Pattern[str]]
    anywhere: dict[str, re.Pattern[str]]


@cache
def _grammar(language: str) -> _Grammar:
    words: Lexicon = lexicon(language)
    lead = words.compiled(
        r"[\s,:!.\"(]*+(?:(?:(?:{polite})(?![\w'-])|(?P<request>{request})(?![\w'])|"
        r"(?:(?:on|at|by|in|for|from|before|until|starting|the|this|come) ){0,2}WHEN)[\s,:!.-]*+)*"
    )
    return _Grammar(lead, words.compiled(r"(?:{request})\b"), re.compile(rf"{_SOFT}|{_BARE}"), words.heads, words.anywhere)


def clauses_of(text: str, mask: str, language: str = "en") -> tuple[Clause, ...]:
    """In order; what has no letter or digit is none."""
    grammar = _grammar(language)
    found: list[Clause] = []
    for begin, end in _sentences(mask):
        for start, stop, continues in _parts(mask, begin, end, grammar):
            if clause := _clause(text, mask, start, stop, continues, grammar):
                found.append(clause)
    return tuple(_beside(found))


def signals_of(mask: str, language: str = "en") -> tuple[int, frozenset[str]]:
    """Where the head of a masked clause begins, and all its signals."""
    grammar = _grammar(language)
    head, signals = _at_head(mask, grammar)
    return head, signals | {name for name, pattern in grammar.anywhere.items() if pattern.search(mask)}


def _beside(clauses: list[Clause]) -> Iterator[Clause]:
    for place, clause in enumerate(clauses):
        before = {f"before {name}" for name in clauses[place - 1].signals & TELLING} if place else {"first"}
        after = {f"after {name}" for name in clauses[place + 1].signals & TELLING} if place + 1 < len(clauses) else {"last"}
        yield replace(clause, beside=frozenset({"alone"} if len(clauses) == 1 else before | after))


def _sentences(mask: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for found in _HARD.finditer(mask):
        if mask[found.start()] == "." and _ABBREVIATED.search(mask, max(begin, found.start() - 8), found.start()):
            continue
        yield begin, found.end()
        begin = found.end()
    yield begin, len(mask)


def _parts(mask: str, begin: int, end: int, grammar: _Grammar) -> Iterator[tuple[int, int, bool]]:
    """A sentence cut where something of its own begins: from, to, and whether it is more of the same."""
    start, continues = begin, False
    for found in grammar.soft.finditer(mask, begin, end):
        if found.start() <= start:
            continue
        how = _cut(mask[start : found.start()], found[0], mask[found.end() : min(end, found.end() + VIEW)], grammar)
        if how:
            yield start, found.start(), continues
            start, continues = found.end(), how == "more"
    yield start, end, continues


def _cut(left: str, joint: str, right: str, grammar: _Grammar) -> str:
    """Whether a clause ends here: empty where not, `more` where the next goes on with the same."""
    place, before = _at_head(left[:VIEW], grammar)
    _, after = _at_head(right, grammar)
    if not joint.strip():
        return _bare(before, after, left)
    if {"conditional", "when_clause"} & before or _COMMENT.match(right):
        return ""
    opened = before & (STRONG | VERB | LIKE_EVENT)
    if after & STRONG:
        return "" if ":" in joint and opened else "own"
    if after & ASKING:
        return "own" if "?" in right and ("," in joint or not opened) else ""
    if DONE & before and DONE & after:
        return "own"
    timed = WHEN in left[place:] or (WHEN in left and "led_by_when" in after)
    if timed and before & (LIKE_EVENT | INFINITIVE | {"every"}) and _is_new_thing(right, after):
        return "own" if after & {"work_strong"} else "more"
    return _verb(before, after, joint, timed) if after & VERB else ""


def _bare(before: frozenset[str], after: frozenset[str], left: str) -> str:
    """Nothing but a space: a request without a comma before it, or the next of several events."""
    if after & STRONG and not _GOVERNED.search(left):
        return "own"
    return "more" if left.endswith(WHEN) and before & LIKE_EVENT and "event_first" in after else ""


def _is_new_thing(right: str, after: frozenset[str]) -> bool:
    """`the dentist at 5`, `at 6 to feed the cat`: a thing with its time, and not more about the same."""
    if "led_by_when" in after:
        return re.match(rf"(?:[\w'@]+ ){{0,3}}{WHEN}+[\s,:]*(?:to|about|for|of|the|a|an|my|read|send|tell|check|ring|lunch|\w+)\b", right) is not None
    return re.match(rf"(?:(?:the|a|an|my|our|to|another) )*[\w'&-]+(?: [\w'&-]+){{0,5}}?[ @:]+(?:\w+ )?{WHEN}", right) is not None


def _verb(before: frozenset[str], after: frozenset[str], joint: str, timed: bool) -> str:
    if before & GOAL and not before & {"work_first"}:
        return ("own" if "work_strong" in after and "," in joint else "more") if timed else ""
    if before & INFINITIVE:
        return "own" if "work_strong" in after and (timed or "," in joint) else ""
    if "work_first" in before:
        return "" if "work_first" in after and not timed else "own"
    if before & (STRONG | VERB | LIKE_EVENT):
        return "own"
    return "own" if "," in joint or "so" in joint else ""


def _at_head(mask: str, grammar: _Grammar) -> tuple[int, frozenset[str]]:
    lead = grammar.lead.match(mask)
    place = lead.end() if lead and re.search(r"\w", mask[lead.end() :]) else 0
    signals = {name for name, pattern in grammar.heads.items() if pattern.match(mask, place)}
    if lead and place and lead["request"]:
        signals.add("asked")
    if place and WHEN in mask[:place]:
        signals.add("led_by_when")
    return place, frozenset(signals)


def _clause(text: str, mask: str, start: int, stop: int, continues: bool, grammar: _Grammar) -> Clause | None:
    while start < stop and mask[start] in " ,;:\n.!?)-–—":
        start += 1
    while stop > start and mask[stop - 1] in " ,;\n(":
        stop -= 1
    piece = mask[start:stop]
    if not re.search(r"[\w\x01\x02]", piece):
        return None
    head, signals = _at_head(piece, grammar)
    everywhere = {name for name, pattern in grammar.anywhere.items() if pattern.search(piece)}
    return Clause(start, text[start:stop], piece, head, signals | everywhere, continues)
