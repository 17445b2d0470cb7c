"""The assistant: takes questions from the bus, has a model answer them, and keeps the conversations."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from senter.component.asking import Asker
from senter.component.component import Component
from senter.component.events import EventLog, waiting_for_space
from senter.component.models import ModelClient
from senter.components.assistant.acted_turns import ActedTurns
from senter.components.assistant.acting import Acting
from senter.components.assistant.answering import Answering
from senter.components.assistant.capable_model import CapableModel
from senter.components.assistant.chats import Chats
from senter.components.assistant.citing import Citing
from senter.components.assistant.context import PromptContext
from senter.components.assistant.conversations import ConversationStore
from senter.components.assistant.inventory import Inventory
from senter.components.assistant.mine.sources import Sources
from senter.components.assistant.mine.talk import EarlierTalk
from senter.components.assistant.model_reading import ModelReading
from senter.components.assistant.own_answers import OwnAnswers
from senter.components.assistant.own_things import OwnThingsRanked
from senter.components.assistant.query_tasks import QueryTasks
from senter.components.assistant.saying_reader import SayingReader
from senter.components.assistant.senter_facts import SenterFacts
from senter.components.assistant.settings import AssistantSettings
from senter.components.assistant.spec import SPEC
from senter.components.assistant.tool_loop.looking import Looking
from senter.components.assistant.tool_loop.loop import ToolLoop
from senter.components.assistant.tool_loop.orders import Orders
from senter.components.assistant.turns import TurnCommands
from senter.components.assistant.use.answers import UseAnswers
from senter.messages.conversations import (
    Conversation,
    Conversations,
    DeleteConversation,
    GetConversation,
    ListConversations,
)
from senter.messages.health import Health
from senter.messages.message import Done
from senter.messages.person import PersonBegins
from senter.messages.query import CancelQuery, ConversationId, QueryAnswer, UserQuery
from senter.messages.turns import BeginTurn, TurnReply
from senter.messages.understanding import LookUpOwn, OwnAnswer, Understanding, UnderstandText
from senter.moments.zones import user_zone
from senter.understanding.interpreter import ByModel, Interpreter
from senter.understanding.reading import understand

MIB = 1024 * 1024
# Left of the grace for the replies to reach the bus.
GRACE_FOR_ANSWERS = 0.8
NO_CONVERSATION = ConversationId("")
UTC = ZoneInfo("UTC")


class Assistant(Component[AssistantSettings]):
    """Answers `UserQuery` and owns conversations.db."""

    async def open(self, stack: AsyncExitStack) -> None:
        self.events = EventLog.open(self.context, SPEC, stack)
        self._conversations = ConversationStore(self.events.database, self.clock)
        with waiting_for_space():
            going_on, interrupted = self._conversations.take_up()
        if going_on or interrupted:
            self.log.warning("answers_interrupted", turns=interrupted, going_on=len(going_on))
        self._model = model = await stack.enter_async_context(ModelClient(self.bus, self.clock))
        self._capable = CapableModel(self.bus, self.clock)
        self._acted = ActedTurns(self.events.database, self.settings.user_language)
        self._answering = self._open_answering(stack)
        self.answers = QueryTasks(
            self._conversations,
            self._acted,
            self._answering,
            model,
            self.events.add,
            self.bus.send,
            self.settings,
            self.clock,
            self.log,
        )
        self.chats = Chats(model, self._answering, self.bus.send, self.settings, self.clock)
        self.turns = TurnCommands(self._conversations, self.answers)
        stack.push_async_callback(self.answers.close)
        stack.push_async_callback(self.chats.close)
        self.answers.go_on(going_on)
        self.events.each_hour(self._prune)

    def interpreter(self) -> Interpreter:
        """Who reads what people say: rules, and a capable model where they are unsure."""
        understand("Hello.", self.clock.now(), UTC)  # what it reads files for is read before anybody waits
        return ByModel(ModelReading(self._capable, self._model).ask)

    def _open_answering(self, stack: AsyncExitStack) -> Answering:
        zone = user_zone(self.settings.timezone)
        inventory = Inventory(self.bus, self.clock)
        stack.push_async_callback(inventory.close)
        asker = Asker(self.bus, self.clock)
        acting = Acting(asker, self.bus.send, self.clock, zone, self.settings.wait_for_goals_seconds)
        facts = SenterFacts(self.bus, inventory, self.clock, zone)
        own_things = OwnThingsRanked(Sources(self.bus, inventory, EarlierTalk(self.events.database)))
        reader = SayingReader(self.interpreter(), inventory, zone)
        citing = Citing(self._capable)
        orders = Orders(reader, acting, inventory)
        tools = ToolLoop(
            self._capable,
            Looking(self.bus, own_things, facts, zone),
            orders,
            self.bus.send,
            self.clock,
            rounds=self.settings.tool_rounds,
            seconds=self.settings.answer_timeout_seconds,
        )
        return Answering(
            reader,
            inventory,
            acting,
            facts,
            UseAnswers(self.bus, inventory, facts, self.paths, self.settings, zone),
            OwnAnswers(own_things, citing, tools, zone),
            citing,
            orders,
            tools,
            PromptContext(self.clock, self.settings.user_name),
            zone,
        )

    async def run(self) -> None:
        await self.events.run()

    async def finish(self, grace_seconds: float) -> None:
        grace_seconds *= GRACE_FOR_ANSWERS
        await asyncio.gather(self.answers.finish(grace_seconds), self.chats.finish(grace_seconds))

    def health(self) -> Health:
        return self.events.health(queries_in_hand=self.answers.in_hand + self.chats.in_hand)

    async def cancel(self, command: CancelQuery) -> Done:
        self.chats.cancel(command.query_id)
        return await self.answers.cancel(command)

    async def ask(self, query: UserQuery) -> QueryAnswer:
        await self.bus.send(PersonBegins())
        return await self.answers.ask(query)

    async def begin_turn(self, command: BeginTurn) -> TurnReply:
        await self.bus.send(PersonBegins())
        return await self.turns.begin(command)

    async def understand(self, command: UnderstandText) -> Understanding:
        """Does nothing. Raises `NotFound` for an unknown conversation, `SettingsError` for an unknown zone."""
        return await self._answering.understand(
            self._acted.said(command.text, command.now or self.clock.now(), self._conversation_of(command)),
            user_zone(command.zone) if command.zone else None,
        )

    async def look_up(self, command: LookUpOwn) -> OwnAnswer:
        """Answers questions about the user's own affairs, and no others."""
        saying = self._acted.said(command.text, self.clock.now(), NO_CONVERSATION)
        found = await self._answering.look_up(replace(saying, asked=None, latest=(), receipts=()))
        return OwnAnswer(text=found.text, sources=found.sources)

    def _conversation_of(self, command: UnderstandText) -> ConversationId:
        named = command.conversation_id
        return self._conversations.resolve(named) if named else NO_CONVERSATION

    async def list_conversations(self, command: ListConversations) -> Conversations:
        return Conversations(conversations=self._conversations.summaries(command.limit))

    async def get_conversation(self, command: GetConversation) -> Conversation:
        return self._conversations.conversation(command.conversation_id, command.before)

    async def delete_conversation(self, command: DeleteConversation) -> Done:
        conversation_id = self._conversations.resolve(command.conversation_id)
        await self.answers.cancel_conversation(conversation_id)
        self._conversations.delete(conversation_id)
        return Done()

    async def _prune(self) -> None:
        keep, keep_bytes = timedelta(days=self.settings.keep_days), self.settings.keep_mb * MIB
        while self._conversations.prune(keep, keep_bytes, self.answers.conversations_in_use()):
            await self.clock.sleep(0)
