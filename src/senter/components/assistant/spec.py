"""What the assistant declares about itself."""

from __future__ import annotations

from senter.component.models import MODEL_CLIENT_RECEIVES, MODEL_CLIENT_SENDS
from senter.component.route import Route
from senter.component.spec import CommandLine, ComponentSpec
from senter.components.assistant.settings import AssistantSettings
from senter.messages.calendar import ListEvents
from senter.messages.control import ChangeSetting, GetSettings
from senter.messages.conversations import DeleteConversation, GetConversation, ListConversations
from senter.messages.documents import ListFolders, ReadDocument, SearchDocuments
from senter.messages.goals import AwaitGoal, CarryOut, ChangeGoal, GetGoal, GetResult, ListGoals
from senter.messages.model import GetModelStatus
from senter.messages.person import PersonBegins
from senter.messages.query import AnswerDelta, CancelQuery, ContinueChat, QueryAnswered, UserQuery
from senter.messages.reports import GetDigest, GetProgress
from senter.messages.schedule import ChangeJob, GetJob, ListJobs
from senter.messages.turns import AwaitTurn, BeginTurn, GetTurn, ListTurns, MarkTurnRead, StopTurn
from senter.messages.understanding import LookUpOwn, UnderstandText
from senter.messages.undo import ListActions, Undo
from senter.messages.written import ListNotes, SearchWritten

SPEC = ComponentSpec(
    name="assistant",
    summary="Answers people's questions and keeps their conversations.",
    entry="senter.components.assistant.component:Assistant",
    settings=AssistantSettings,
    handlers={
        UserQuery: "ask",
        ContinueChat: "chats.go_on",
        CancelQuery: "cancel",
        BeginTurn: "begin_turn",
        GetTurn: "turns.get",
        AwaitTurn: "turns.wait",
        StopTurn: "turns.stop",
        MarkTurnRead: "turns.mark_read",
        ListTurns: "turns.list",
        ListConversations: "list_conversations",
        GetConversation: "get_conversation",
        DeleteConversation: "delete_conversation",
        UnderstandText: "understand",
        LookUpOwn: "look_up",
    },
    listens=MODEL_CLIENT_RECEIVES,
    sends=(
        QueryAnswered,
        AnswerDelta,
        PersonBegins,
        *MODEL_CLIENT_SENDS,
        ListGoals,
        GetGoal,
        GetResult,
        CarryOut,
        AwaitGoal,
        ChangeGoal,
        Undo,
        ListActions,
        GetSettings,
        ChangeSetting,
        ChangeJob,
        ListEvents,
        GetJob,
        ListJobs,
        ListFolders,
        SearchDocuments,
        ReadDocument,
        SearchWritten,
        ListNotes,
        GetDigest,
        GetProgress,
        GetModelStatus,
    ),
    database="conversations",
    preload=("senter.understanding.claims.english", "senter.components.assistant.ready"),
    routes=(
        Route("POST", "/api/turns", BeginTurn, status=201, repeat=True),
        Route("GET", "/api/turns", ListTurns),
        Route("GET", "/api/turns/{turn_id}", GetTurn),
        Route("DELETE", "/api/turns/{turn_id}", StopTurn, repeat=True),
        Route("POST", "/api/turns/{turn_id}/read", MarkTurnRead, repeat=True),
        Route("POST", "/api/understand", UnderstandText, repeat=True),
        Route("GET", "/api/conversations", ListConversations),
        Route("GET", "/api/conversations/{conversation_id}", GetConversation),
        Route("DELETE", "/api/conversations/{conversation_id}", DeleteConversation),
    ),
    commands=(
        CommandLine("ask", "senter.components.assistant.commands.ask:ask"),
        CommandLine("query", "senter.components.assistant.commands.ask:query"),
        CommandLine("conversations", "senter.components.assistant.commands.conversations:conversations"),
    ),
)
