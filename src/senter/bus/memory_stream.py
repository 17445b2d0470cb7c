"""The durable part of the in-memory broker: events that wait for their consumers, and dead letters."""

from __future__ import annotations

import base64
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from senter.bus import jetstream, subjects
from senter.bus.link import Parcel
from senter.bus.manifest import Manifest
from senter.bus.owned_tasks import OwnedTasks
from senter.clock import Clock
from senter.messages.message import ComponentName

STREAM_FULL = 10077
NO_MESSAGE = 10037
DUPLICATES_REMEMBERED = 10_000

# Hands a parcel to whoever receives the subject; says whether anyone does.
Push = Callable[[str, Parcel], bool]


@dataclass(slots=True)
class _Place:
    """One consumer's place in the stream: what waits for it, of which the first may be in flight."""

    subjects: frozenset[str]
    waiting: deque[tuple[int, Parcel]] = field(default_factory=deque[tuple[int, Parcel]])
    in_flight: bool = False


class MemoryStream:
    """Keeps each event until all its consumers have settled it, one at a time and in order."""

    def __init__(self, push: Push, clock: Clock, max_events: int) -> None:
        self._push = push
        self._clock = clock
        self._max_events = max_events
        self._places: dict[str, _Place] = {}
        self._ids: dict[str, None] = {}
        """The newest ids, the oldest of them first."""
        self._letters: dict[int, tuple[Parcel, datetime]] = {}
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
            self._letters[self._last] = (parcel, self._clock.now())
            return _stored(self._last)
        identity = parcel.headers.get(subjects.MESSAGE_ID, "")
        if identity in self._ids:
            return _stored(self._last)
        if sum(len(place.waiting) for place in self._places.values()) >= self._max_events:
            return _failed(503, STREAM_FULL, "maximum messages exceeded")
        self._last += 1
        if identity:
            self._remember(identity)
        self._hand_to_places(parcel)
        return _stored(self._last)

    def _remember(self, identity: str) -> None:
        self._ids[identity] = None
        if len(self._ids) > DUPLICATES_REMEMBERED:
            del self._ids[next(iter(self._ids))]

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

    def info(self, stream: str) -> bytes:
        """The server's answer about the stream."""
        if stream == subjects.DEAD:
            return json.dumps({"state": {"messages": len(self._letters)}}).encode()
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

    def find_letter(self, asked: bytes) -> bytes:
        """The server's answer with the dead letter of a number, or with the next from there on."""
        wanted = json.loads(asked)
        following = [number for number in self._letters if number >= wanted["seq"]]
        number = min(following, default=0) if "next_by_subj" in wanted else wanted["seq"]
        if number not in self._letters:
            return _failed(jetstream.NOT_FOUND, NO_MESSAGE, "no message found")
        parcel, died_at = self._letters[number]
        lines = ["NATS/1.0", *(f"{name}: {value}" for name, value in parcel.headers.items()), "", ""]
        written = {"hdrs": "\r\n".join(lines).encode(), "data": parcel.payload}
        message = {name: base64.b64encode(content).decode() for name, content in written.items()}
        message |= {"subject": parcel.subject, "seq": number, "time": died_at.isoformat()}
        return json.dumps({"message": message}).encode()

    def remove_letter(self, asked: bytes) -> bytes:
        """The server's answer to the removal of a dead letter that is there."""
        del self._letters[json.loads(asked)["seq"]]
        return _stored(self._last)


def _stored(number: int) -> bytes:
    return json.dumps({"stream": subjects.EVENTS, "seq": number}).encode()


def _failed(code: int, err_code: int, description: str) -> bytes:
    return json.dumps({"error": {"code": code, "err_code": err_code, "description": description}}).encode()
