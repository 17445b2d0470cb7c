"""Sends one notification to one target, in a child process, and says what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from senter.component.frames import Frame
from senter.component.isolated import ChildLimits, Isolated
from senter.components.reporter.targets import Target
from senter.errors import ChildFailed

CHILD = "senter.components.reporter.sending_child"
CHECK_SECONDS = 30.0
# Longer than a request inside the child may take, connection included.
SEND_SECONDS = 60.0
LIMITS = ChildLimits(answer_bytes=64 * 1024, idle_seconds=10.0)


@dataclass(frozen=True, slots=True)
class TargetCheck:
    """Whether a target is understood. `problem` is empty if it is."""

    service: str
    problem: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending. `unknown`: the target may have it although it did not say so."""

    sent: bool
    problem: str = ""
    unknown: bool = False


class Sender:
    """The way to one target. Use it as a context manager."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._child = Isolated(CHILD, limits=LIMITS)

    async def check(self) -> TargetCheck:
        """A dry run; afterwards the child is warm. Raises `ChildFailed`."""
        head = {"action": "check", "address": self.target.address}
        try:
            answer = (await self._child.ask(Frame({**head}), timeout_seconds=CHECK_SECONDS)).head
        except ChildFailed as error:
            raise ChildFailed(self.target.masked(error.message)) from None
        return TargetCheck(str(answer["service"]), self.target.masked(str(answer["problem"])))

    async def send(self, title: str, body: str) -> Sent:
        """Send, once."""
        head = {"action": "send", "address": self.target.address, "title": title, "body": body}
        try:
            answer = (await self._child.ask(Frame({**head}), timeout_seconds=SEND_SECONDS)).head
        except ChildFailed as error:
            return Sent(sent=False, problem=self.target.masked(error.message), unknown=True)
        return Sent(bool(answer["sent"]), self.target.masked(str(answer["problem"])), bool(answer["unknown"]))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._child.close()
