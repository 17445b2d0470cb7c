"""What turns were understood to mean and what came of it: what the next sentence may speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from pydantic import TypeAdapter

from senter.components.assistant import queries
from senter.components.assistant.conversations import LAST, StoredTurn
from senter.components.assistant.mine.asking import asks_on
from senter.components.assistant.saying import LONGEST_OPENING, GivenOrder, Kept, Saying, language_after
from senter.messages.acts import Clarification, Receipt, Thing, ThingKind
from senter.messages.model import RULES
from senter.messages.query import ConversationId, QueryId, Quoted
from senter.messages.understanding import Understanding
from senter.store.database import Database
from senter.store.stamps import from_stamp, stamp

SAID_TWICE_WITHIN = timedelta(minutes=1)
LATEST_TURNS = 6
GOES_ON_WITHIN = timedelta(minutes=10)

_RECEIPTS = TypeAdapter(tuple[Receipt, ...])
_SOURCES = TypeAdapter(tuple[Quoted, ...])
_ORDERS = TypeAdapter(tuple[GivenOrder, ...])
_ASKS = TypeAdapter(Clarification | None)
_NAMED = re.compile(rf"({'|'.join(ThingKind)}) (.+)")


class ActedTurns:
    """Of conversations.db what has to do with acts."""

    def __init__(self, database: Database, language: str = "") -> None:
        self._database = database
        self._language = language
        """The user's."""

    def notes(self, turn: StoredTurn) -> TurnNotes:
        return TurnNotes(self._database, turn)

    def saying(self, turn: StoredTurn) -> Saying:
        """What the turn says, in its conversation."""
        said = self.said(turn.text, from_stamp(turn.asked_at), turn.conversation_id, turn.sequence)
        return replace(said, id=turn.query_id)

    def said(self, text: str, at: datetime, conversation_id: ConversationId, sequence: int = LAST) -> Saying:
        """A text as it would be said after the turns of a conversation that come before `sequence`."""
        values = {"conversation_id": conversation_id, "sequence": sequence, "limit": LATEST_TURNS}
        before = here = self._database.rows(queries.TURNS_BEFORE, values, StoredTurn)
        if not before:  # whoever begins a conversation may speak of what was said in another a moment ago
            since = {"sequence": sequence, "limit": LATEST_TURNS, "since": stamp(at - GOES_ON_WITHIN)}
            before = self._database.rows(queries.TURNS_A_MOMENT_BEFORE, since, StoredTurn)
        asked = _ASKS.validate_json(before[0].asks) if before else None
        return Saying(
            QueryId(""),
            text,
            at,
            asked,
            before=before[0].text if before else "",
            latest=_latest(before),
            together=_together(before),
            is_fresh=any(True for turn in here[:1] for _ in _things_of(turn)),
            receipts=_done(before),
            earlier=_asked(here),
            own_before=_own_before(before),
            quoted=_quoted(here),
            follows_model=bool(here) and here[0].model not in ("", RULES),
            after_text_of_others=self._has_text_of_others(conversation_id, sequence),
            language=language_after([turn.text for turn in here], self._language),
        )

    def _has_text_of_others(self, conversation_id: ConversationId, sequence: int) -> bool:
        values = {"conversation_id": conversation_id, "sequence": sequence, "longest": LONGEST_OPENING, "rules": RULES}
        return self._database.row(queries.TEXT_OF_OTHERS_BEFORE, values, int) is not None


class TurnNotes:
    """Of one turn; see `Notes`."""

    def __init__(self, database: Database, turn: StoredTurn) -> None:
        self._database = database
        self._turn = turn

    def kept(self) -> Kept | None:
        return _kept(self._turn) if self._turn.origin else None

    def said_before(self) -> Kept | None:
        since = stamp(from_stamp(self._turn.asked_at) - SAID_TWICE_WITHIN)
        values = {"sequence": self._turn.sequence, "since": since}
        last = self._database.row(queries.ACTED_BEFORE, values, StoredTurn)
        return _kept(last) if last and same_sentence(last.text, self._turn.text) else None

    def keep(self, kept: Kept) -> None:
        understood, orders = kept.understanding.model_dump_json(), _ORDERS.dump_json(kept.orders).decode()
        self._turn = replace(self._turn, understood=understood, origin=kept.origin, orders=orders)
        values = {"understood": understood, "origin": kept.origin, "orders": orders}
        with self._database.transaction() as transaction:
            transaction.execute(queries.KEEP_UNDERSTOOD, {**values, "query_id": self._turn.query_id})

    def note(self, receipts: Iterable[Receipt]) -> None:
        together = tuple(dict.fromkeys((*receipts_of(self._turn), *receipts)))
        self._turn = replace(self._turn, receipts=_RECEIPTS.dump_json(together).decode())
        values = {"query_id": self._turn.query_id, "receipts": self._turn.receipts}
        with self._database.transaction() as transaction:
            transaction.execute(queries.KEEP_RECEIPTS, values)


def _kept(turn: StoredTurn) -> Kept:
    understanding = Understanding.model_validate_json(turn.understood)
    return Kept(understanding, turn.origin, receipts_of(turn), _ORDERS.validate_json(turn.orders))


def receipts_of(turn: StoredTurn) -> tuple[Receipt, ...]:
    return _RECEIPTS.validate_json(turn.receipts)


def same_sentence(one: str, other: str) -> bool:
    """Whether both say the same, whatever the case, the spaces and the marks."""
    return re.findall(r"\w+", one.casefold()) == re.findall(r"\w+", other.casefold())


def _latest(newest_first: Iterable[StoredTurn]) -> tuple[Thing, ...]:
    """What those turns made or told of, each once, where it was told of last; a list in its order."""
    found = dict[tuple[ThingKind, str], Thing]()
    for turn in newest_first:
        for thing in _things_of(turn):
            found.setdefault((thing.kind, thing.id), thing)
    return tuple(found.values())


def _together(newest_first: Iterable[StoredTurn]) -> int:
    """How many things the last turn that speaks of one speaks of."""
    counts = (len({(thing.kind, thing.id) for thing in _things_of(turn)}) for turn in newest_first)
    return next(filter(None, counts), 0)


def _done(newest_first: Iterable[StoredTurn]) -> tuple[Receipt, ...]:
    return tuple(receipt for turn in newest_first for receipt in receipts_of(turn))


def _asked(newest_first: Sequence[StoredTurn]) -> tuple[str, ...]:
    """What those turns asked, up to one that a model answered, or for which something was done: what asks on about that
    is for the model, too."""
    told = takewhile(lambda turn: turn.model == RULES and not receipts_of(turn), newest_first)
    return tuple(turn.text for turn in told)


def _quoted(newest_first: Sequence[StoredTurn]) -> frozenset[str]:
    """What the last of those turns quoted from."""
    return frozenset(source.address for turn in newest_first[:1] for source in _SOURCES.validate_json(turn.sources))


def _own_before(newest_first: Iterable[StoredTurn]) -> str:
    own = takewhile(lambda turn: receipts_of(turn) or _SOURCES.validate_json(turn.sources), newest_first)
    return next((turn.text for turn in own if not asks_on(turn.text)), "")


def _things_of(turn: StoredTurn) -> Iterator[Thing]:
    for receipt in receipts_of(turn):
        yield Thing(kind=receipt.kind, id=receipt.id, title=receipt.title)
    for source in _SOURCES.validate_json(turn.sources):
        if named := _NAMED.fullmatch(source.address):
            yield Thing(kind=ThingKind(named[1]), id=named[2], title=source.source)
