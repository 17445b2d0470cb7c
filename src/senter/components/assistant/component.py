"""The assistant: takes questions from the bus, has a model answer them, and keeps the conversations."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import timedelta

from senter.component.component import Component
from senter.component.events import EventLog, waiting_for_space
from senter.component.models import ModelClient
from senter.components.assistant.answers import Answers
from senter.components.assistant.conversations import ConversationStore
from senter.components.assistant.settings import AssistantSettings
from senter.components.assistant.spec import SPEC
from senter.messages.conversations import (
    Conversation,
    Conversations,
    DeleteConversation,
    GetConversation,
    ListConversations,
)
from senter.messages.health import Health, HealthStatus
from senter.messages.message import Done
from senter.messages.query import CancelQuery, UserQuery

MIB = 1024 * 1024
# Left of the grace for the replies to reach the bus.
GRACE_FOR_ANSWERS = 0.8


class Assistant(Component[AssistantSettings]):
    """Answers `UserQuery` and owns conversations.db."""

    async def open(self, stack: AsyncExitStack) -> None:
        self._events = EventLog.open(self.context, SPEC, stack)
        self._conversations = ConversationStore(self._events.database, self.clock)
        with waiting_for_space():
            interrupted = self._conversations.interrupt_all()
        if interrupted:
            self.log.warning("answers_interrupted", turns=interrupted)
        model = await stack.enter_async_context(ModelClient(self.bus, self.clock))
        self._answers = Answers(self._conversations, model, self._events.add, self.settings, self.clock, self.log)
        stack.push_async_callback(self._answers.close)
        self._events.each_hour(self._prune)
        await self._subscribe(stack)

    async def run(self) -> None:
        await self._events.run()

    async def finish(self, grace_seconds: float) -> None:
        await self._answers.finish(grace_seconds * GRACE_FOR_ANSWERS)

    def health(self) -> Health:
        recovered = self._events.database.recovered
        return Health(
            status=HealthStatus.DEGRADED if recovered else HealthStatus.HEALTHY,
            detail=recovered,
            facts={"queries_in_hand": self._answers.in_hand, **self._events.facts()},
        )

    async def _subscribe(self, stack: AsyncExitStack) -> None:
        for subscription in (
            await self.bus.serve(UserQuery, self._answers.ask),
            await self.bus.serve(CancelQuery, self._cancel),
            await self.bus.serve(ListConversations, self._list),
            await self.bus.serve(GetConversation, self._get),
            await self.bus.serve(DeleteConversation, self._delete),
        ):
            stack.push_async_callback(subscription.close)

    async def _cancel(self, command: CancelQuery) -> Done:
        await self._answers.cancel(command.query_id)
        return Done()

    async def _list(self, command: ListConversations) -> Conversations:
        return Conversations(conversations=self._conversations.summaries(command.limit))

    async def _get(self, command: GetConversation) -> Conversation:
        return self._conversations.conversation(command.conversation_id, command.before)

    async def _delete(self, command: DeleteConversation) -> Done:
        conversation_id = self._conversations.resolve(command.conversation_id)
        await self._answers.cancel_conversation(conversation_id)
        self._conversations.delete(conversation_id)
        return Done()

    async def _prune(self) -> None:
        keep, keep_bytes = timedelta(days=self.settings.keep_days), self.settings.keep_mb * MIB
        while self._conversations.prune(keep, keep_bytes, self._answers.conversations_in_use()):
            await self.clock.sleep(0)
