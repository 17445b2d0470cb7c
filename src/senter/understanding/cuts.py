"""Where a sentence ends one clause and begins the next. A place is looked at once, a few words to each side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from senter.messages.acts import ActKind
from senter.understanding.heads import Head, head_of
from senter.understanding.lexicon import WHEN, lexicon

VIEW = 240
"""How far ahead of a place is looked for what begins there."""
NEAR = 20
_SAYS = re.compile(r"\w")
_WORK = frozenset(("work_first",))
_STRONG_WORK = frozenset(("work_strong",))
_CHANGED, _CHANGED_SURELY = frozenset(("change_it",)), frozenset(("change_sure",))
_REPEATED = frozenset(("every",))

Part = tuple[int, int, bool]
"""From, to, and whether it says more of the same kind as the part before."""


class Cut(Enum):
    """What begins at a place."""

    NOTHING = 0
    OWN = 1
    """Something of its own."""
    MORE = 2
    """Another thing of the same kind."""


def parts_of(mask: str, begin: int, end: int) -> Iterator[Part]:
    """A sentence cut where something of its own begins."""
    start, more, head = begin, False, head_of(mask[begin : begin + VIEW])
    for found in lexicon().cuts["joint"].finditer(mask, begin, end):
        if found.start() <= start:
            continue
        left, right = mask[start : found.start()], mask[found.end() : min(end, found.end() + VIEW)]
        cut = _cut(head, left, found[0], right)
        if _goes_on(left):
            cut = Cut.NOTHING
        elif cut is Cut.NOTHING and found[0].strip(" :\n") and pointed_at(left) and not _says_what(right):
            cut = Cut.OWN
        if cut is not Cut.NOTHING:
            yield start, found.start(), more
            start, more, head = found.end(), cut is Cut.MORE, _head_behind(head, head_of(right), cut)
    yield start, end, more


def _head_behind(before: Head, head: Head, cut: Cut) -> Head:
    """Another thing of the same kind begins as the first did."""
    return Head(head.place, before.signals | head.signals) if cut is Cut.MORE else head


def _goes_on(left: str) -> bool:
    """`mondays, send me ...`, `reminder, at 9, ...`, `on wednesday, no, thursday`: what is said is still to come."""
    cuts = lexicon().cuts
    is_begun = cuts["only_time"].match(left) or cuts["only_kind"].match(left)
    return bool(is_begun or cuts["corrected"].search(left, max(0, len(left) - VIEW)))


def pointed_at(mask: str) -> ActKind | None:
    """The kind that a clause says what was said before it to be: `put it in my calendar`, `that's on me`."""
    for kind, pattern in lexicon().pointing.items():
        if (found := pattern.match(mask)) and not mask[found.end() :].strip(" .,;:!?)"):
            return kind
    return None


def _says_what(right: str) -> bool:
    """`erinnere mich daran, die Miete zu zahlen`: what follows says what is pointed at."""
    return lexicon().cuts["says_what"].match(right) is not None


def _points(right: str) -> bool:
    return any(pattern.match(right) for pattern in lexicon().pointing.values())


def _cut(head: Head, left: str, joint: str, right: str) -> Cut:
    groups, before, after = lexicon().groups, head.signals, head_of(right).signals
    if not joint.strip():
        is_pointing = after & (groups["strong"] | groups["verb"]) and _points(right) and not _is_governed(left)
        return Cut.OWN if is_pointing else _bare(head, after, left, right)
    if lexicon().cuts["renaming"].match(left, head.place) and not after & groups["strong"]:
        return Cut.NOTHING
    is_comment = "led_by_when" not in after and lexicon().cuts["comment"].match(right)
    is_pointing = _points(right)
    if (
        _is_told(before, joint)
        or _is_said(left, joint)
        or (before & groups["condition"] and not (is_pointing and "so" in joint))
    ):
        return Cut.NOTHING
    if is_pointing and _SAYS.search(left) and not before & _WORK:
        return Cut.OWN
    if is_comment:
        return Cut.NOTHING
    is_new = after & (groups["strong"] - _CHANGED | _CHANGED_SURELY)
    if before & _WORK and not is_new and "," not in joint and lexicon().cuts["same_thing"].match(right):
        return Cut.NOTHING  # `find three hotels and put them side by side`
    is_opened = bool(before & (groups["strong"] | groups["verb"] | groups["event"]))
    if after & groups["strong"]:
        return Cut.NOTHING if ":" in joint and is_opened else Cut.OWN
    if after & groups["asking"]:
        return Cut.OWN if "?" in right and ("," in joint or not is_opened) else Cut.NOTHING
    if before & groups["done"] and after & groups["done"]:
        return Cut.OWN
    is_timed = WHEN in left[head.place :] or (WHEN in left and "led_by_when" in after)
    if is_timed and before & (groups["event"] | groups["infinitive"] | _REPEATED) and _is_new_thing(right, after):
        return Cut.OWN if after & _STRONG_WORK else Cut.MORE
    if (
        before & groups["verb"]
        and "led_by_when" in before & after
        and is_timed
        and lexicon().cuts["led_thing"].match(right)
    ):
        return Cut.MORE
    if before & groups["infinitive"] and lexicon().cuts["same_thing"].match(right):
        return Cut.NOTHING
    if after & groups["verb"] and before & groups["goal"] and lexicon().cuts["of_senter"].match(right):
        return Cut.OWN
    return _before_verb(before, after, joint, is_timed) if after & groups["verb"] else Cut.NOTHING


def _is_told(before: frozenset[str], joint: str) -> bool:
    """`I need a reminder at noon: pick up the suit`."""
    return ":" in joint and bool(before & lexicon().groups["infinitive"])


def _is_said(left: str, joint: str) -> bool:
    """`she writes: move the call to Thursday`."""
    return ":" in joint and lexicon().anywhere["said_that"].search(left) is not None


def _bare(head: Head, after: frozenset[str], left: str, right: str) -> Cut:
    """Nothing but a space: a request without a comma before it, or the next of several events."""
    groups = lexicon().groups
    is_whole = len(left.rstrip()) > head.place
    if is_whole and after & groups["strong"] and not _is_governed(left):
        return Cut.OWN
    is_next = is_whole and left.endswith(WHEN) and head.signals & groups["event"] and "event_first" in after
    is_next = is_next and not lexicon().cuts["comment"].match(right)
    return Cut.MORE if is_next else Cut.NOTHING


def _is_governed(left: str) -> bool:
    return lexicon().cuts["governed"].search(left, max(0, len(left) - NEAR)) is not None


def _is_new_thing(right: str, after: frozenset[str]) -> bool:
    """`the dentist at 5`, `at 6 to feed the cat`: a thing with its time, and not more about the same."""
    return lexicon().cuts["led" if "led_by_when" in after else "new_thing"].match(right) is not None


def _before_verb(before: frozenset[str], after: frozenset[str], joint: str, is_timed: bool) -> Cut:
    """A verb goes on with what a person is to do or be told, and begins something new beside all else."""
    groups, is_strong = lexicon().groups, bool(after & _STRONG_WORK)
    if before & groups["goal"] and not before & _WORK:
        return (Cut.OWN if is_strong and "," in joint else Cut.MORE) if is_timed else Cut.NOTHING
    if before & groups["infinitive"]:
        return Cut.OWN if is_strong and (is_timed or "," in joint) else Cut.NOTHING
    if before & _WORK:
        return Cut.NOTHING if after & _WORK and not is_timed else Cut.OWN
    is_opened = before & (groups["strong"] | groups["verb"] | groups["event"])
    return Cut.OWN if is_opened or "," in joint or "so" in joint else Cut.NOTHING
