"""The components around the API as tests script them: an assistant, a supervisor and a model worker."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from functools import partial
from typing import Any

from senter.bus.bus import Bus, Subscription
from senter.clock import utc_now
from senter.errors import NotFound, SenterError
from senter.messages.control import ComponentStatus, DaemonStatus, GetDaemonStatus, State
from senter.messages.conversations import (
    Conversation,
    Conversations,
    ConversationSummary,
    DeleteConversation,
    GetConversation,
    ListConversations,
    Turn,
    TurnState,
)
from senter.messages.dead_letters import (
    DeadLetter,
    DeadLetterReply,
    DeadLetters,
    DropDeadLetter,
    GetDeadLetter,
    ListDeadLetters,
    ReplayDeadLetter,
)
from senter.messages.documents import DOCUMENTS
from senter.messages.envelope import continuing, current
from senter.messages.goals import TASK_ENGINE
from senter.messages.message import Command, ComponentName, Done, MessageId, Reply
from senter.messages.model import (
    CancelModelRequest,
    EndExam,
    EndpointStatus,
    ExamineModel,
    GetModelStatus,
    ModelDelta,
    ModelRequest,
    ModelResponse,
    ModelStatus,
)
from senter.messages.query import (
    AnswerDelta,
    CancelQuery,
    ContinueChat,
    ConversationId,
    QueryAnswer,
    QueryAnswered,
    QueryId,
    UserQuery,
)
from senter.messages.turns import (
    AwaitTurn,
    BeginTurn,
    GetTurn,
    ListTurns,
    MarkTurnRead,
    StopTurn,
    TurnReply,
    TurnRow,
    Turns,
)
from senter.messages.understanding import Understanding, UnderstandText

ASSISTANT = ComponentName("assistant")
SUPERVISOR = ComponentName("supervisor")
PRIMARY = ComponentName("model_primary")


_delta: ContextVar[type[ModelDelta | AnswerDelta]] = ContextVar("delta", default=ModelDelta)
"""What the pieces of an answer are sent as where this is handled."""

Answer = Reply | Callable[[Any], Awaitable[Reply]]
"""A reply, or what makes one of the command."""


class Scripted:
    """A component that answers commands as a table says, and remembers what it was asked."""

    def __init__(self, bus: Bus, answers: Mapping[type[Command[Any]], Answer]) -> None:
        self.bus = bus
        self.heard: list[Command[Reply]] = []
        self._answers = answers
        self._subscriptions: list[Subscription] = []

    @property
    def commands(self) -> set[type[Command[Any]]]:
        """Those that it answers."""
        return set(self._answers)

    async def start(self) -> None:
        for command, answer in self._answers.items():
            self._subscriptions.append(await self.bus.serve(command, partial(self._respond, answer)))

    async def stop(self) -> None:
        """From now on nobody answers its commands."""
        while self._subscriptions:
            await self._subscriptions.pop().close()

    async def _respond(self, answer: Answer, command: Command[Reply]) -> Reply:
        self.heard.append(command)
        return answer if isinstance(answer, Reply) else await answer(command)


class ScriptedAssistant(Scripted):
    """Answers every question with its own text, or as `answer` says."""

    def __init__(self, bus: Bus) -> None:
        super().__init__(
            bus,
            {
                UserQuery: self._answer,
                ContinueChat: self._go_on,
                CancelQuery: self._cancel,
                ListConversations: self._list,
                GetConversation: self._get,
                DeleteConversation: self._delete,
                BeginTurn: self._begin_turn,
                GetTurn: self._get_turn,
                AwaitTurn: self._await_turn,
                StopTurn: self._change_turn,
                MarkTurnRead: self._change_turn,
                ListTurns: self._list_turns,
                UnderstandText: self._understand,
            },
        )
        self.turns: dict[str, TurnReply] = {}
        self.turn_changed = asyncio.Event()
        self.waited_for = 0
        self._failure: SenterError | None = None
        self.answer: Callable[[UserQuery], Awaitable[QueryAnswer]] = self.echo
        self.asked: list[UserQuery] = []
        self.chat: Callable[[ContinueChat], Awaitable[ModelResponse]] | None = None
        self.chats: list[ContinueChat] = []
        self.cancelled: list[QueryId] = []
        self.conversations: dict[ConversationId, Conversation] = {}

    async def _understand(self, command: UnderstandText) -> Understanding:
        return Understanding(acts=(), now=command.now or utc_now(), zone=command.zone or "UTC")

    async def send_piece(self, key: str, offset: int, text: str, attempt: int = 1) -> None:
        with continuing(key):
            await self.bus.send(AnswerDelta(offset=offset, text=text, attempt=attempt))

    async def send_progress(self, key: str, progress: str) -> None:
        with continuing(key):
            await self.bus.send(AnswerDelta(offset=0, progress=progress))

    async def echo(self, query: UserQuery) -> QueryAnswer:
        return self.answer_to(query, f"You said: {query.text}")

    def answer_to(self, query: UserQuery, response: str) -> QueryAnswer:
        """An answer, stored in its conversation."""
        conversation_id = query.conversation_id or ConversationId(f"conversation-{len(self.conversations) + 1}")
        answer = QueryAnswer(
            query_id=query.query_id,
            conversation_id=conversation_id,
            response=response,
            focus=query.focus,
            model="scripted",
            latency_seconds=0.01,
            degraded=False,
            tokens=3,
        )
        self.conversations[conversation_id] = conversation_of(query, answer)
        return answer

    async def _answer(self, query: UserQuery) -> QueryAnswer:
        self.asked.append(query)
        return await self.answer(query)

    async def _go_on(self, chat: ContinueChat) -> ModelResponse:
        self.chats.append(chat)
        assert self.chat  # a test that has no answer for a chat asks for none
        return await self.chat(chat)

    async def _cancel(self, command: CancelQuery) -> Done:
        self.cancelled.append(command.query_id)
        return Done()

    def have_turn(self, turn_id: str, response: str = "", **changes: object) -> None:
        """From now on this is the turn; it is being answered where `changes` do not say otherwise."""
        self.turns[turn_id] = turn_reply(id=turn_id, response=response, **changes)
        self.turn_changed.set()
        self.turn_changed = asyncio.Event()

    def fail_awaiting(self, error: SenterError) -> None:
        """Tell this to who waits for a turn now."""
        self._failure = error
        self.turn_changed.set()
        self.turn_changed = asyncio.Event()

    async def _begin_turn(self, command: BeginTurn) -> TurnReply:
        answered = {"text": command.text, "state": TurnState.ANSWERED}
        self.have_turn(command.request_id, f"You said: {command.text}", **answered)
        return self.turns[command.request_id]

    async def _change_turn(self, command: StopTurn | MarkTurnRead) -> Done:
        self._turn(command.turn_id)
        return Done()

    async def _list_turns(self, command: ListTurns) -> Turns:
        found = [turn for turn in self.turns.values() if command.state in (None, turn.state)]
        rows = [TurnRow.model_validate(dict(turn)) for turn in found]
        return Turns(turns=rows[: command.limit])

    async def _get_turn(self, command: GetTurn) -> TurnReply:
        return self._turn(command.turn_id)

    async def _await_turn(self, command: AwaitTurn) -> TurnReply:
        self.waited_for += 1
        while self._turn(command.turn_id).state is TurnState.ANSWERING:
            await self.turn_changed.wait()
            if error := self._failure:
                self._failure = None
                raise error
        return self._turn(command.turn_id)

    def _turn(self, turn_id: QueryId) -> TurnReply:
        if turn_id not in self.turns:
            raise NotFound(f"There is no turn {turn_id}.")
        return self.turns[turn_id]

    async def _list(self, command: ListConversations) -> Conversations:
        found = [conversation.summary for conversation in self.conversations.values()]
        return Conversations(conversations=found[: command.limit])

    async def _get(self, command: GetConversation) -> Conversation:
        self._check(command.conversation_id)
        return self.conversations[command.conversation_id]

    async def _delete(self, command: DeleteConversation) -> Done:
        self._check(command.conversation_id)
        del self.conversations[command.conversation_id]
        return Done()

    def _check(self, conversation_id: ConversationId) -> None:
        if conversation_id not in self.conversations:
            raise NotFound("There is no such conversation.", "See: senter conversations list")


def turn_reply(**changes: object) -> TurnReply:
    usual: dict[str, object] = {
        "id": "t1",
        "conversation_id": "c1",
        "focus": "general",
        "asked_at": utc_now(),
        "text": "What?",
        "state": TurnState.ANSWERING,
        "attempt": 1,
        "response": "",
        "error": "",
        "error_code": "",
        "error_hint": "",
        "model": "scripted",
        "tokens": 3,
        "latency_seconds": 0.01,
        "degraded": False,
        "degraded_reason": "",
        "read": False,
    }
    return TurnReply.model_validate(usual | changes)


def conversation_of(query: UserQuery, answer: QueryAnswer) -> Conversation:
    turn = Turn(
        query_id=query.query_id, asked_at=utc_now(), text=query.text, state=TurnState.ANSWERED, response=answer.response
    )
    summary = ConversationSummary(
        id=answer.conversation_id,
        title=query.text[:40],
        focus=query.focus,
        turns=1,
        created_at=turn.asked_at,
        updated_at=turn.asked_at,
    )
    return Conversation(summary=summary, turns=[turn])


class ScriptedSupervisor(Scripted):
    """Says the states it is given, and keeps dead letters in a dictionary."""

    def __init__(self, bus: Bus) -> None:
        super().__init__(
            bus,
            {
                GetDaemonStatus: self._status,
                ListDeadLetters: self._list,
                GetDeadLetter: self._get,
                ReplayDeadLetter: self._replay,
                DropDeadLetter: self._drop,
            },
        )
        self.state = State.RUNNING
        names: tuple[str, ...] = ("api", ASSISTANT, PRIMARY, TASK_ENGINE, DOCUMENTS)
        self.states: dict[str, State] = dict.fromkeys(names, State.RUNNING)
        self.letters: dict[int, DeadLetter] = {}
        self.replayed: list[int] = []
        self.times_asked = 0

    def add_letter(self, number: int) -> None:
        self.letters[number] = DeadLetter(
            number=number,
            consumer=ASSISTANT,
            event=QueryAnswered.wire_name,
            event_id=MessageId(f"event-{number}"),
            error="it could not be stored",
            attempts=5,
            died_at=utc_now(),
            payload={"text": "once"},
        )

    async def _status(self, command: GetDaemonStatus) -> DaemonStatus:
        components = {ComponentName(name): ComponentStatus(state=state) for name, state in self.states.items()}
        self.times_asked += 1
        return DaemonStatus(state=self.state, pid=1, uptime_seconds=1.5, health_score=100, components=components)

    async def _list(self, command: ListDeadLetters) -> DeadLetters:
        letters = [letter.model_copy(update={"payload": None}) for letter in self.letters.values()]
        return DeadLetters(letters=letters[: command.limit], total=len(letters))

    async def _get(self, command: GetDeadLetter) -> DeadLetterReply:
        return DeadLetterReply(**dict(self._find(command.number)))

    async def _replay(self, command: ReplayDeadLetter) -> Done:
        self._find(command.number)
        self.replayed.append(command.number)
        return Done()

    async def _drop(self, command: DropDeadLetter) -> Done:
        self._find(command.number)
        del self.letters[command.number]
        return Done()

    def _find(self, number: int) -> DeadLetter:
        if number not in self.letters:
            raise NotFound(f"There is no dead letter {number}.", "See: senter dead-letters list")
        return self.letters[number]


class ScriptedModel(Scripted):
    """One model worker; answers with `text`, in pieces when asked to stream."""

    def __init__(self, bus: Bus) -> None:
        super().__init__(
            bus,
            {
                ModelRequest: self._answer,
                CancelModelRequest: Done(),
                GetModelStatus: self._status,
                ExamineModel: self._examine,
                EndExam: self._end_exam,
            },
        )
        self.text = "Python is a language."
        self.examining = ""
        """The link whose model is being examined."""
        self.requests: list[ModelRequest] = []
        self.answer: Callable[[ModelRequest], Awaitable[ModelResponse]] = self.whole

    async def send_piece(self, key: str, offset: int, text: str, attempt: int = 1) -> None:
        with continuing(key):
            await self.bus.send(_delta.get()(offset=offset, text=text, attempt=attempt))

    async def whole(self, request: ModelRequest) -> ModelResponse:
        if request.stream:
            for offset in range(0, len(self.text), 7):
                await self.send_piece(current().correlation, offset, self.text[offset : offset + 7])
        return self.response()

    def response(self) -> ModelResponse:
        return ModelResponse(
            text=self.text,
            model="scripted",
            endpoint="settings",
            prompt_tokens=11,
            completion_tokens=5,
            finish_reason="stop",
        )

    async def go_on(self, chat: ContinueChat) -> ModelResponse:
        """Answer for an assistant, and send its pieces for it."""
        _delta.set(AnswerDelta)
        return await self._answer(chat.request)

    async def _answer(self, request: ModelRequest) -> ModelResponse:
        self.requests.append(request)
        return await self.answer(request)

    async def _examine(self, command: ExamineModel) -> Done:
        self.examining = command.kind
        return Done()

    async def _end_exam(self, command: EndExam) -> Done:
        self.examining = ""
        return Done()

    async def _status(self, command: GetModelStatus) -> ModelStatus:
        endpoint = EndpointStatus(
            kind="settings",
            url="",
            model="scripted",
            breaker="closed",
            capability="basic",
            exam_running=bool(self.examining),
        )
        return ModelStatus(
            worker=PRIMARY,
            model="scripted",
            model_loaded=True,
            endpoints=[endpoint],
            requests=len(self.requests),
            errors=0,
            prompt_tokens=11,
            completion_tokens=5,
            latency_p50_seconds=0.1,
            latency_p95_seconds=None,
            active=0,
            waiting=0,
            lesser="",
        )
