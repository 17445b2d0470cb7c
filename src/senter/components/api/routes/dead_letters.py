"""/api/dead-letters: events a component could not take in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from senter.bus.bus import Bus
from senter.components.api.bodies import MAX_NUMBER, DeadLettersBody
from senter.errors import NotFound
from senter.messages.dead_letters import DeadLetter, DropDeadLetter, GetDeadLetter, ListDeadLetters, ReplayDeadLetter

Number = Annotated[int, Path(ge=1, le=MAX_NUMBER, description="The dead letter's number.")]
Limit = Annotated[int, Query(ge=1, le=1000, description="How many at most.")]


class DeadLetterRoutes:
    def __init__(self, bus: Bus, timeout_seconds: float) -> None:
        self._bus = bus
        self._timeout_seconds = timeout_seconds

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/api/dead-letters", tags=["dead letters"])
        router.add_api_route("", self.list, summary="List dead letters")
        router.add_api_route("/{number}", self.get, summary="Show a dead letter with its payload")
        router.add_api_route(
            "/{number}/replay", self.replay, methods=["POST"], status_code=204, summary="Hand it to its consumer again"
        )
        router.add_api_route("/{number}", self.drop, methods=["DELETE"], status_code=204, summary="Remove it for good")
        return router

    async def list(self, limit: Limit = 100) -> DeadLettersBody:
        found = await self._bus.request(ListDeadLetters(limit=limit), timeout_seconds=self._timeout_seconds)
        return DeadLettersBody.of(found)

    async def get(self, number: Number) -> DeadLetter:
        found = await self._bus.request(GetDeadLetter(number=number), timeout_seconds=self._timeout_seconds)
        if not found.letters:
            raise NotFound(f"There is no dead letter {number}.", "See: senter dead-letters list")
        return found.letters[0]

    async def replay(self, number: Number) -> None:
        await self._bus.request(ReplayDeadLetter(number=number), timeout_seconds=self._timeout_seconds)

    async def drop(self, number: Number) -> None:
        await self._bus.request(DropDeadLetter(number=number), timeout_seconds=self._timeout_seconds)
