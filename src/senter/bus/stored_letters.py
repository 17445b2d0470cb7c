"""The dead letters in JetStream, for the supervisor."""

from __future__ import annotations

import base64
import json
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from senter.bus import subjects
from senter.bus.dead_letters import letter, parse_headers, revive
from senter.bus.jetstream import NOT_FOUND, AnswerT, ApiAnswer, look, open_answer, store
from senter.bus.link import Parcel
from senter.bus.pending_requests import PendingRequests
from senter.errors import BusUnavailable, NotFound
from senter.messages.dead_letters import DeadLetter, DeadLetterReply, DeadLetters
from senter.messages.message import Done

GET_MESSAGE = f"$JS.API.STREAM.MSG.GET.{subjects.DEAD}"
DELETE_MESSAGE = f"$JS.API.STREAM.MSG.DELETE.{subjects.DEAD}"
API_SECONDS = 5.0


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True)

    subject: str
    seq: int
    time: datetime
    hdrs: str = ""
    data: str = ""

    def parcel(self) -> Parcel:
        return Parcel(self.subject, base64.b64decode(self.data), parse_headers(self.hdrs))

    def letter(self, *, with_payload: bool) -> DeadLetterReply:
        return letter(self.seq, self.time, self.parcel(), with_payload=with_payload)


class _Found(ApiAnswer):
    message: _Stored | None = None


class StoredLetters:
    """The dead letters of the bus that `asking` asks."""

    def __init__(self, asking: PendingRequests) -> None:
        self._asking = asking

    async def list(self, limit: int) -> DeadLetters:
        """The oldest ones, without payloads."""
        state = await look(self._asking, subjects.DEAD)
        letters: list[DeadLetter] = []
        number = 1
        while len(letters) < limit and (stored := await self._next(number)):
            letters.append(stored.letter(with_payload=False))
            number = stored.seq + 1
        return DeadLetters(letters=letters, total=state.messages if state else 0)

    async def get(self, number: int) -> DeadLetterReply:
        """One, with its payload. Raises `NotFound`."""
        return (await self._one(number)).letter(with_payload=True)

    async def replay(self, number: int) -> Done:
        """Hand it to its consumer again and remove it. Raises `NotFound`, `BusFull`."""
        await store(self._asking, revive(number, (await self._one(number)).parcel()))
        return await self.drop(number)

    async def drop(self, number: int) -> Done:
        """Remove it for good. Raises `NotFound`."""
        # The server's answer about a number beyond the last is not "not found", so look first.
        await self._one(number)
        await self._call(ApiAnswer, DELETE_MESSAGE, seq=number)
        return Done()

    async def _next(self, number: int) -> _Stored | None:
        return (await self._call(_Found, GET_MESSAGE, seq=number, next_by_subj=subjects.DEAD_SUBJECTS)).message

    async def _one(self, number: int) -> _Stored:
        stored = (await self._call(_Found, GET_MESSAGE, seq=number)).message
        if stored is None:
            raise NotFound(f"There is no dead letter {number}.", "See: senter dead-letters list")
        return stored

    async def _call(self, kind: type[AnswerT], subject: str, **what: int | str) -> AnswerT:
        question = Parcel(subject, json.dumps(what).encode())
        answer = open_answer(await self._asking.ask_server(question, timeout_seconds=API_SECONDS), kind)
        # That it is not there is an answer; anything else is a failure.
        if answer.error is not None and answer.error.code != NOT_FOUND:
            raise BusUnavailable(f"the dead letters cannot be reached: {answer.error.description}")
        return answer
