"""Asks for long texts, several at a time, so that the research worker's queue is never empty."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from itertools import cycle
from typing import Final

from senter.component.component import Component
from senter.component.models import RESEARCH, ModelClient
from senter.component.spec import ComponentSettings
from senter.errors import CommunicationError
from senter.messages.health import Health
from senter.messages.model import ChatMessage, ModelRequest, Priority

AT_ONCE: Final = 3
TOPICS: Final = ("Python", "rivers", "bread", "the moon", "trains", "chess", "honey", "glass", "sleep", "maps")
DETAILS: Final = "Give facts and dates. " * 60


class Student(Component[ComponentSettings]):
    """Waits for SIGUSR1, then asks until it is stopped."""

    async def open(self, stack: AsyncExitStack) -> None:
        self._asked = 0
        self._begin = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self._begin.set)
        self._model = await stack.enter_async_context(ModelClient(self.bus, self.clock))

    async def run(self) -> None:
        await self._begin.wait()
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._ask_on())

    def health(self) -> Health:
        return Health(facts={"asked": self._asked})

    async def _ask_on(self) -> None:
        for topic in cycle(TOPICS):
            self._asked += 1
            question = f"{self._asked}. Write everything you know about {topic}. {DETAILS}"
            request = ModelRequest(messages=[ChatMessage(role="user", content=question)], priority=Priority.THROUGHPUT)
            try:
                await self._model.ask(request, RESEARCH)
            except CommunicationError as error:
                self.log.info("not_answered", reason=error.message)
                await self.clock.sleep(1)
