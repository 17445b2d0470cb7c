"""/api/conversations: what was asked and answered before."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from senter.bus.bus import Bus
from senter.components.api.bodies import ConversationBody, ConversationsBody
from senter.messages.conversations import DeleteConversation, GetConversation, ListConversations
from senter.messages.fields import ID_PATTERN
from senter.messages.query import ConversationId

ConversationPath = Annotated[
    str, Path(pattern=ID_PATTERN, description="Its id; a beginning that no other has is enough.")
]
Limit = Annotated[int, Query(ge=1, le=1000, description="How many at most.")]


class ConversationRoutes:
    def __init__(self, bus: Bus, timeout_seconds: float) -> None:
        self._bus = bus
        self._timeout_seconds = timeout_seconds

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/api/conversations", tags=["conversations"])
        router.add_api_route("", self.list, summary="List the latest conversations")
        router.add_api_route("/{conversation_id}", self.get, summary="Show a conversation")
        router.add_api_route(
            "/{conversation_id}", self.delete, methods=["DELETE"], status_code=204, summary="Delete a conversation"
        )
        return router

    async def list(self, limit: Limit = 50) -> ConversationsBody:
        found = await self._bus.request(ListConversations(limit=limit), timeout_seconds=self._timeout_seconds)
        return ConversationsBody(conversations=found.conversations)

    async def get(self, conversation_id: ConversationPath) -> ConversationBody:
        command = GetConversation(conversation_id=ConversationId(conversation_id))
        return ConversationBody.of(await self._bus.request(command, timeout_seconds=self._timeout_seconds))

    async def delete(self, conversation_id: ConversationPath) -> None:
        command = DeleteConversation(conversation_id=ConversationId(conversation_id))
        await self._bus.request(command, timeout_seconds=self._timeout_seconds)
