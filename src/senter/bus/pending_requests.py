"""Round trips: send a parcel, wait for what comes back to this component's inbox.

One subscription takes all replies. A request in flight ends with the first of: its reply, nobody
listening, the death of its receiver, the loss of the link, its deadline.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Collection
from contextlib import suppress
from secrets import token_hex

from senter.bus import subjects
from senter.bus.link import Link, Parcel
from senter.errors import BusUnavailable, CommunicationError, DeadlineExceeded, NoResponder, ResponderDied
from senter.messages.message import NOBODY, ComponentName


class Question:
    """One request in flight. `expected` are those whose answer, or death, it waits for; what comes `from_anyone` is the
    answer where that is so."""

    def __init__(self, expected: Collection[ComponentName], *, from_anyone: bool = False) -> None:
        self.replies: dict[str, Parcel] = {}
        self.waiting_for = set(expected)
        self._from_anyone = from_anyone
        self.answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def take(self, parcel: Parcel) -> None:
        if parcel.headers.get(subjects.STATUS) == subjects.NOBODY_LISTENS:
            self.fail(NoResponder(", ".join(sorted(self.waiting_for))))
            return
        source = ComponentName(parcel.headers.get(subjects.SOURCE, ""))
        self.replies.setdefault(source, parcel)
        if self._from_anyone:
            self.waiting_for.clear()
        self._done_with(source)

    def died(self, name: ComponentName) -> None:
        if name in self.waiting_for:
            self._done_with(name)

    def fail(self, error: CommunicationError) -> None:
        if not self.answered.done():
            self.answered.set_exception(error)

    def forget(self) -> None:
        """Nobody waits any more; an error that arrived meanwhile is not news."""
        if not self.answered.cancel() and not self.answered.cancelled():
            self.answered.exception()

    def _done_with(self, name: ComponentName) -> None:
        self.waiting_for.discard(name)
        if not self.waiting_for and not self.answered.done():
            self.answered.set_result(None)


class PendingRequests:
    """All requests of one component that are in flight."""

    def __init__(self, name: ComponentName, link: Link) -> None:
        self._link = link
        self._open: dict[str, Question] = {}
        self._inbox = f"{subjects.inbox(name)}.{token_hex(8)}"
        self._numbers = itertools.count(1)

    @property
    def inbox(self) -> str:
        """The subject that all replies come to."""
        return f"{self._inbox}.*"

    def receive(self, parcel: Parcel) -> None:
        question = self._open.get(parcel.subject)
        if question is not None:
            question.take(parcel)

    def died(self, name: ComponentName) -> None:
        for question in list(self._open.values()):
            question.died(name)

    def fail_all(self, error: CommunicationError) -> None:
        for question in list(self._open.values()):
            question.fail(error)

    async def ask(self, parcel: Parcel, *, receiver: ComponentName, timeout_seconds: float) -> Parcel:
        """Ask one receiver. Raises `DeadlineExceeded` naming the subject's last part."""
        question = Question((receiver,), from_anyone=True)  # it may call itself otherwise
        try:
            await self._send_and_wait(question, parcel, timeout_seconds)
        except TimeoutError:
            what = f"{parcel.subject.rpartition('.')[2]} to {receiver}"
            raise DeadlineExceeded(what, timeout_seconds) from None
        if not question.replies:
            raise ResponderDied(receiver)
        return next(iter(question.replies.values()))

    async def ask_server(self, parcel: Parcel, *, timeout_seconds: float) -> Parcel:
        """Ask the broker itself. Raises `BusUnavailable` when it does not answer."""
        try:
            return await self.ask(parcel, receiver=NOBODY, timeout_seconds=timeout_seconds)
        except DeadlineExceeded:
            raise BusUnavailable(f"no answer to {parcel.subject} within {timeout_seconds:g} s") from None
        except NoResponder:
            raise BusUnavailable(f"nobody keeps {parcel.subject}") from None

    async def ask_all(self, parcel: Parcel, *, expected: Collection[ComponentName], timeout_seconds: float) -> Question:
        """Ask everyone; returns when all expected answered or died, or the time is over."""
        question = Question(expected)
        if not expected:
            await self._link.publish(parcel)
            return question
        with suppress(TimeoutError, NoResponder):
            await self._send_and_wait(question, parcel, timeout_seconds)
        return question

    async def _send_and_wait(self, question: Question, parcel: Parcel, timeout_seconds: float) -> None:
        reply_to = f"{self._inbox}.{next(self._numbers)}"
        self._open[reply_to] = question
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._link.publish(Parcel(parcel.subject, parcel.payload, parcel.headers, reply_to))
                await question.answered
        finally:
            del self._open[reply_to]
            question.forget()
