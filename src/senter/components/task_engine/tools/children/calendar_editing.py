"""Changes of one entry: of all of it, or of one occurrence of what repeats. Works on text; pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo

from senter.components.task_engine.tools.children.calendar_entries import Block, blocks_of, with_lines
from senter.components.task_engine.tools.children.calendar_moving import SeriesMove
from senter.components.task_engine.tools.children.calendar_reading import ReadEvent
from senter.components.task_engine.tools.children.calendar_rules import EventRule, clock_of, moment_on, rule_from
from senter.components.task_engine.tools.children.calendar_values import Moment
from senter.components.task_engine.tools.children.calendar_writing import (
    Edit,
    Lines,
    clock_in,
    length,
    moment_line,
    span_lines,
    stamp_lines,
    text_lines,
)

HOUR = timedelta(hours=1)
ONCE = {b"RRULE": None, b"RDATE": None, b"EXDATE": None, b"EXRULE": None}
ReadBlock = Callable[[bytes], ReadEvent]
"""What the first event in a text says. Raises `ValueError` where it has no start that can be read."""


def edited(content: bytes, uid: str, edit: Edit, read: ReadBlock) -> bytes:
    """The entry's new text; empty where nothing is left of it. Raises `ValueError` where that cannot be done."""
    found = blocks_of(content, uid)
    if not found:
        raise ValueError("there is no such entry in it")
    mains = [block for block in found if not block.is_override]
    if len(mains) != 1 and (len(found) > 1 or edit.occurrence is not None):
        return _of_several(content, found, edit, read)
    if edit.occurrence is not None and not _is_all(content, found, edit, read):
        return _one_edited(content, found, edit, edit.occurrence, read)
    if edit.remove:
        return b""
    first = next(iter(mains), found[0])
    if edit.recurrence == "":
        return _changed(content, first, edit, read)
    follow = _following(content, first, edit, read)
    texts = (_changed(content, block, edit, read) if block is first else follow(block) for block in found)
    return b"".join(texts)


def is_repeated(content: bytes, uid: str) -> bool:
    return any(block.repeats for block in blocks_of(content, uid))


def _of_several(content: bytes, found: list[Block], edit: Edit, read: ReadBlock) -> bytes:
    """Other programs give several events one UID, and invite to occurrences of what they do not tell; only the one that
    is meant is changed."""
    texts = [content[block.begin : block.end] for block in found]
    meant = [n for n, text in enumerate(texts) if edit.occurrence is not None and read(text).start == edit.occurrence]
    if len(meant) != 1 or found[meant[0]].repeats:
        raise ValueError("several events have this UID; name one that does not repeat by its start")
    (number,) = meant
    texts[number] = b"" if edit.remove else _changed(content, found[number], edit, read)
    return b"".join(texts)


def _one_edited(content: bytes, found: list[Block], edit: Edit, occurrence: Moment, read: ReadBlock) -> bytes:
    main = next(block for block in found if not block.is_override)
    if not main.repeats:
        raise ValueError("the entry does not repeat")
    own = next((block for block in found if block.is_override and _is_at(content, block, occurrence, edit, read)), None)
    others = {id(block): content[block.begin : block.end] for block in found}
    if edit.remove:
        named = _value_of(own, b"RECURRENCE-ID") if own else moment_line(main, b"EXDATE", occurrence, edit)
        excluded = named.replace(b"RECURRENCE-ID", b"EXDATE", 1).replace(b";RANGE=THISANDFUTURE", b"")
        others[id(main)] = with_lines(content, main, stamp_lines(main, edit), added=(excluded,))
        return b"".join(text for key, text in others.items() if own is None or key != id(own))
    if own is not None:
        others[id(own)] = _changed(content, own, edit, read)
        return b"".join(others.values())
    return b"".join(others.values()) + _override(content, main, occurrence, edit, read)


def _is_all(content: bytes, found: list[Block], edit: Edit, read: ReadBlock) -> bool:
    """Whether the one occurrence that is meant is all there is: what does not repeat, named by its start."""
    (first, *others) = found
    repeats = others or first.repeats or first.is_override
    return not repeats and read(content[first.begin : first.end]).start == edit.occurrence


def _override(content: bytes, main: Block, occurrence: Moment, edit: Edit, read: ReadBlock) -> bytes:
    """The occurrence as an event of its own."""
    event = read(content[main.begin : main.end])
    times = _moved(main, edit, occurrence, occurrence + length(event.start, event.end))
    named = {b"RECURRENCE-ID": moment_line(main, b"RECURRENCE-ID", occurrence, edit)}
    lines = {**ONCE, **stamp_lines(main, edit), **text_lines(edit), **times, **named}
    return with_lines(content, main, lines)


def _changed(content: bytes, block: Block, edit: Edit, read: ReadBlock) -> bytes:
    event = read(content[block.begin : block.end])
    rule = _ending_as_before(rule_from(edit.recurrence), event) if edit.recurrence else None
    if rule is not None:
        edit = _beginning_with(rule, block, edit, event)
    lines = {**stamp_lines(block, edit), **text_lines(edit)}
    if edit.start is not None or edit.end is not None:
        lines |= _moved(block, edit, event.start, event.end)
        lines |= _going_with(block, edit, event)
    if edit.recurrence == "":
        lines |= ONCE
    elif rule is not None:
        zone = _zone_for(_new_start(block, edit, event.start), clock_zone(event), edit)
        lines[b"RRULE"] = b"RRULE:" + rule.written(zone).encode()
    return with_lines(content, block, lines)


def _ending_as_before(rule: EventRule, event: ReadEvent) -> EventRule:
    """`Move yoga to Wednesdays`: a rule that says nothing of its end keeps that of the one it replaces."""
    says_end = rule.is_counted or rule.until is not None
    ends = [each.until for each in event.rules if each.until is not None]
    return rule if says_end or not ends else replace(rule, until=ends[0])


def _beginning_with(rule: EventRule, block: Block, edit: Edit, event: ReadEvent) -> Edit:
    """A series begins with the first time that its rule has: other programs show its start, too, where it has not."""
    start = _new_start(block, edit, event.start)
    zone = _zone_for(start, clock_zone(event), edit)
    clock = clock_of(start, zone)
    first = rule.first(clock)
    if first is None:
        raise ValueError("it would never come again")
    if first == clock:
        return edit
    end = edit.end + (first - clock) if edit.end is not None else None
    return replace(edit, start=moment_on(first, zone), end=end)


def _going_with(block: Block, edit: Edit, event: ReadEvent) -> Lines:
    """The rule of a series that is moved, and its exceptions."""
    move = _move_of(block, edit, event)
    if move is None:
        return {}
    lines = {b"RRULE": b"RRULE:" + move.moved_rule().encode()} if move.rule and edit.recurrence is None else {}
    left_out = [_after_move(moment, move, block, edit, event) for moment in event.left_out]
    more = [_after_move(start, move, block, edit, event) for start, lasts in event.more if lasts is None]
    for name, moments in ((b"EXDATE", left_out), (b"RDATE", more)):
        if moments and len(moments) == len(event.left_out if name == b"EXDATE" else event.more):
            first, *others = (moment_line(block, name, moment, edit) for moment in moments)
            lines[name] = b",".join((first, *(line.rpartition(b":")[2] for line in others)))
    return {**lines}


def _following(content: bytes, main: Block, edit: Edit, read: ReadBlock) -> Callable[[Block], bytes]:
    """Occurrences that were changed by themselves stand for the same ones of a series that is moved; those that were
    not moved by themselves are moved with it."""
    event = read(content[main.begin : main.end])
    move = _move_of(main, edit, event) if edit.start is not None else None

    def followed(block: Block) -> bytes:
        own = read(content[block.begin : block.end])
        if move is None or own.instead_of is None or not block.is_override:
            return content[block.begin : block.end]
        stands_for = _after_move(own.instead_of, move, main, edit, event)
        lines: Lines = {b"RECURRENCE-ID": moment_line(main, b"RECURRENCE-ID", stands_for, edit)}
        if own.start == own.instead_of:
            lines |= span_lines(main, stands_for, stands_for + length(own.start, own.end), edit)
        return with_lines(content, block, lines)

    return followed


def _move_of(block: Block, edit: Edit, event: ReadEvent) -> SeriesMove | None:
    """None where the event does not repeat, or begins when it did."""
    if edit.start is None or not block.repeats:
        return None
    start = _new_start(block, edit, event.start)
    zone = clock_zone(event)
    rule = block.line(b"RRULE")
    before, after = clock_of(event.start, zone), clock_of(start, _zone_for(start, zone, edit))
    return SeriesMove(before, after, rule.value.decode(errors="replace") if rule and event.rules else "")


def _after_move(moment: Moment, move: SeriesMove, block: Block, edit: Edit, event: ReadEvent) -> Moment:
    zone = clock_zone(event)
    start = _new_start(block, edit, event.start)
    return moment_on(move.moved(clock_of(moment, zone)), _zone_for(start, zone, edit))


def clock_zone(event: ReadEvent) -> tzinfo | None:
    return event.start.tzinfo if isinstance(event.start, datetime) else None


def _zone_for(start: Moment, zone: tzinfo | None, edit: Edit) -> tzinfo | None:
    return (zone or edit.zone) if isinstance(start, datetime) else None


def _new_start(block: Block, edit: Edit, start: Moment) -> Moment:
    """A day alone is another day at the same time."""
    begins = start if edit.start is None else edit.start
    if isinstance(start, datetime) and not isinstance(begins, datetime) and not isinstance(edit.end, date):
        return datetime.combine(begins, start.astimezone(clock_in(block, edit)).timetz())
    return begins


def _moved(block: Block, edit: Edit, start: Moment, end: Moment) -> Lines:
    """The lines that say when. It lasts as long as before."""
    begins = _new_start(block, edit, start)
    if edit.end is not None:
        return span_lines(block, begins, edit.end, edit)
    lasts = HOUR if isinstance(begins, datetime) and not isinstance(start, datetime) else length(start, end)
    return span_lines(block, begins, begins + lasts, edit)


def _value_of(block: Block, name: bytes) -> bytes:
    found = block.line(name)
    return found.text if found else b""


def _is_at(content: bytes, block: Block, occurrence: Moment, edit: Edit, read: ReadBlock) -> bool:
    """Whether an occurrence that was changed by itself is the one: by where it was, or where it is now."""
    event = read(content[block.begin : block.end])
    return occurrence in (event.instead_of, event.start)
