"""The durable part of the in-memory broker: events that wait for their consumers, and dead letters."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from senter.bus import jetstream, subjects
from senter.bus.dead_letters import letter, no_such_letter, revive
from senter.bus.link import Parcel
from senter.bus.manifest import Manifest
from senter.bus.owned_tasks import OwnedTasks
from senter.clock import Clock
from senter.errors import BusFull
from senter.messages.dead_letters import DeadLetter, DeadLetters
from senter.messages.message import ComponentName, Done

STREAM_FULL = 10077
DUPLICATES_REMEMBERED = 10_000

# Hands a parcel to whoever receives the subject; says whether anyone does.
Push = Callable[[str, Parcel], bool]


@dataclass(slots=True)
class _Place:
    """One consumer's place in the stream: what waits for it, of which the first may be in flight."""

    subjects: frozenset[str]
    waiting: deque[tuple[int, Parcel]] = field(default_factory=deque[tuple[int, Parcel]])
    in_flight: bool = False


@dataclass(frozen=True, slots=True)
class _Letter:
    parcel: Parcel
    died_at: datetime


class MemoryStream:
    """Keeps each event until all its consumers have settled it, one at a time and in order."""

    def __init__(self, push: Push, clock: Clock, max_events: int) -> None:
        self._push = push
        self._clock = clock
        self._max_events = max_events
        self._places: dict[str, _Place] = {}
        self._ids: deque[str] = deque(maxlen=DUPLICATES_REMEMBERED)
        self._letters: dict[int, _Letter] = {}
        self._last = 0
        self._lives = 1
        self._retries = OwnedTasks()

    def know(self, name: ComponentName, manifest: Manifest) -> None:
        """From now on keep this component's events for it."""
        wanted = frozenset({*(subjects.of_event(event) for event in manifest.consumes), subjects.replay(name)})
        if name in self._places:
            self._places[name].subjects = wanted
        elif manifest.consumes:
            self._places[name] = _Place(wanted)

    def store(self, parcel: Parcel) -> bytes:
        """The server's answer to a publish."""
        if parcel.subject.startswith("dead."):
            self._last += 1
            self._letters[self._last] = _Letter(parcel, self._clock.now())
            return _stored(self._last)
        identity = parcel.headers.get(subjects.MESSAGE_ID, "")
        if identity in self._ids:
            return _stored(self._last)
        if sum(len(place.waiting) for place in self._places.values()) >= self._max_events:
            return _failed(503, STREAM_FULL, "maximum messages exceeded")
        self._last += 1
        if identity:
            self._ids.append(identity)
        self._hand_to_places(parcel)
        return _stored(self._last)

    def _hand_to_places(self, parcel: Parcel) -> None:
        for name, place in self._places.items():
            if parcel.subject in place.subjects:
                place.waiting.append((self._last, parcel))
                self.deliver(name)

    def deliver(self, name: str) -> None:
        """Hand out the next event, if none is in flight and someone is there to take it."""
        place = self._places.get(name)
        if place is None or place.in_flight or not place.waiting:
            return
        number, parcel = place.waiting[0]
        reply = f"{subjects.ACKNOWLEDGE}.{subjects.EVENTS}.{name}.{number}"
        delivery = Parcel(parcel.subject, parcel.payload, parcel.headers, reply)
        place.in_flight = self._push(subjects.deliver(ComponentName(name)), delivery)

    def settle(self, parcel: Parcel) -> None:
        """Take the verdict on a delivery; a late one, on an event that is settled already, says nothing new."""
        name, number = parcel.subject.split(".")[-2:]
        place = self._places.get(name)
        if place is None or not place.waiting or place.waiting[0][0] != int(number):
            return
        if parcel.payload.startswith(jetstream.NAK):
            delay = json.loads(parcel.payload[len(jetstream.NAK) :])["delay"] / 1e9
            self._retries.start(self._deliver_after(name, place, delay))
        elif parcel.payload in (jetstream.ACK, jetstream.TERM):
            place.waiting.popleft()
            place.in_flight = False
            self.deliver(name)

    async def _deliver_after(self, name: str, place: _Place, delay_seconds: float) -> None:
        await self._clock.sleep(delay_seconds)
        place.in_flight = False
        self.deliver(name)

    def reset(self, name: str) -> bytes | None:
        """The server's answer; about a consumer it does not know it is silent."""
        place = self._places.get(name)
        if place is None:
            return None
        place.in_flight = False
        self.deliver(name)
        return _stored(self._last)

    def info(self) -> bytes:
        """The server's answer about the stream."""
        waiting = [number for place in self._places.values() for number, _ in place.waiting]
        state = {"first_seq": min(waiting, default=self._last + 1), "last_seq": self._last, "messages": len(waiting)}
        return json.dumps({"created": f"life {self._lives}", "state": state}).encode()

    def lose(self) -> None:
        """All that waits is gone, and an empty stream is in its place."""
        self._lives += 1
        self._ids.clear()
        for place in self._places.values():
            place.waiting.clear()
            place.in_flight = False

    # Dead letters: a DeadLetterOffice.

    async def list(self, limit: int) -> DeadLetters:
        chosen = sorted(self._letters)[:limit]
        letters = [letter(n, self._letters[n].died_at, self._letters[n].parcel, with_payload=False) for n in chosen]
        return DeadLetters(letters=letters, total=len(self._letters))

    async def get(self, number: int) -> DeadLetter:
        found = self._one(number)
        return letter(number, found.died_at, found.parcel, with_payload=True)

    async def replay(self, number: int) -> Done:
        answer = jetstream.ApiAnswer.model_validate_json(self.store(revive(number, self._one(number).parcel)))
        if answer.error is not None:
            raise BusFull("The event stream")
        return await self.drop(number)

    async def drop(self, number: int) -> Done:
        self._one(number)
        del self._letters[number]
        return Done()

    def _one(self, number: int) -> _Letter:
        if number not in self._letters:
            raise no_such_letter(number)
        return self._letters[number]


def _stored(number: int) -> bytes:
    return json.dumps({"stream": subjects.EVENTS, "seq": number}).encode()


def _failed(code: int, err_code: int, description: str) -> bytes:
    return json.dumps({"error": {"code": code, "err_code": err_code, "description": description}}).encode()
