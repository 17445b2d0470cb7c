"""Turns as people and programs see them: begun, looked at, waited for, stopped, read to their end."""

from __future__ import annotations

from senter.components.assistant.conversations import ConversationStore, NewTurn
from senter.components.assistant.query_tasks import QueryTasks
from senter.messages.message import Done
from senter.messages.query import QueryId
from senter.messages.turns import AwaitTurn, BeginTurn, GetTurn, ListTurns, MarkTurnRead, StopTurn, TurnReply, Turns


class TurnCommands:
    """Answers what is asked about turns. All that takes a turn's id raises `NotFound` for an unknown one."""

    def __init__(self, conversations: ConversationStore, answers: QueryTasks) -> None:
        self._conversations = conversations
        self._answers = answers

    async def begin(self, command: BeginTurn) -> TurnReply:
        question = NewTurn(QueryId(command.request_id), command.text, command.conversation_id)
        return self._answers.post(question).as_reply()

    async def get(self, command: GetTurn) -> TurnReply:
        return self._answers.as_it_is(self._conversations.turn_beginning(command.turn_id)).as_reply()

    async def wait(self, command: AwaitTurn) -> TurnReply:
        return (await self._answers.ended(self._conversations.turn(command.turn_id))).as_reply()

    async def stop(self, command: StopTurn) -> Done:
        await self._answers.stop(self._conversations.turn_beginning(command.turn_id).query_id)
        return Done()

    async def mark_read(self, command: MarkTurnRead) -> Done:
        self._conversations.mark_read(self._conversations.turn_beginning(command.turn_id).query_id)
        return Done()

    async def list(self, command: ListTurns) -> Turns:
        found = self._conversations.posted_turns(command.state, unread=command.unread, limit=command.limit)
        return Turns(turns=found)
