"""What callers of /v1/chat/completions send, and the request to a model that it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from senter.components.api.openai.fields import Flag, Given, IdleValues, Ignored, Refusals, Text, TokenCount, refused
from senter.components.api.openai.sampling_body import WordSampling
from senter.components.api.openai.tools_body import (
    MOST_TOOLS,
    ChatFormat,
    ChatTool,
    ChatToolChoice,
    FunctionType,
    PlainFormat,
    chosen,
)
from senter.messages.model import AnswerOptions, ChatMessage, ModelRequest, ModelToolCall

MOST_MESSAGES = 2_000
USE_TOOLS = "Use tools and tool_choice instead."
UNMODERATED = "Senter moderates nothing: look at what is said yourself."
SAMPLING = "Use temperature and top_p instead."
ONLY_TEXT = "Senter reads and writes text only."
TEXTS = frozenset({"text", "input_text", "output_text", "refusal"})


def _only_text(kind: object) -> object:
    if isinstance(kind, str) and kind not in TEXTS:
        raise refused("unsupported_value", f"Parts of the type {kind[:40]!a} are not supported. {ONLY_TEXT}")
    return kind


class TextPart(BaseModel):
    """A part of a message. What else it holds beside its text changes nothing here."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: Annotated[Literal["text", "input_text", "output_text", "refusal"], BeforeValidator(_only_text)] = Field(
        description="Only text."
    )
    text: Text = Field(default="", description="What is said.")
    refusal: Text = Field(default="", description="The same, of an assistant that refused.")

    @model_validator(mode="after")
    def says_something(self) -> TextPart:
        if not self.model_fields_set & {"text", "refusal"}:
            raise refused("missing_required_parameter", "A part of a message needs text.", "text")
        return self


def _content_kind(given: object) -> str | None:
    if isinstance(given, str):
        return "<text>"
    return "<parts>" if isinstance(given, list) else None


Content = Annotated[
    Annotated[Text, Tag("<text>")] | Annotated[list[TextPart], Tag("<parts>")],
    Discriminator(
        _content_kind, custom_error_type="invalid_value", custom_error_message="must be text or a list of text parts"
    ),
]


def text_of(content: str | Sequence[TextPart]) -> str:
    return content if isinstance(content, str) else "".join(part.text or part.refusal for part in content)


class FunctionCalled(Given):
    name: Text = Field(description="The tool.")
    arguments: Text = Field(default="", description="JSON, as the model wrote it.")


class CallGiven(Given):
    """A call that the assistant wanted."""

    id: Text = Field(min_length=1, description="Names the call to its result.")
    type: FunctionType = Field(default="function", description="Only function.")
    function: FunctionCalled = Field(description="What was called.")
    index: Ignored = None

    def to_call(self) -> ModelToolCall:
        return ModelToolCall(id=self.id, name=self.function.name, arguments=self.function.arguments)


def _known_role(role: object) -> object:
    if role == "function":
        raise refused("unsupported_value", "The role function is not supported. Use the role tool instead.")
    return role


class ChatTurn(Given):
    """One message of the chat."""

    refuses: ClassVar[Refusals] = {"function_call": USE_TOOLS, "audio": ONLY_TEXT}

    role: Annotated[Literal["system", "developer", "user", "assistant", "tool"], BeforeValidator(_known_role)] = Field(
        description="Who says it; developer is the same as system."
    )
    content: Content = Field(default="", description="What is said: text, or a list of text parts.")
    name: Annotated[Text, Field(max_length=200)] = Field(default="", description="Of a user: put before what they say.")
    tool_calls: list[CallGiven] = Field(default_factory=list[CallGiven], description="What an assistant wanted called.")
    tool_call_id: Text = Field(default="", description="The call that a message of the role tool answers.")
    refusal: Text = Field(default="", description="What an assistant said that refused.")
    annotations: Ignored = None
    reasoning_content: Ignored = None
    reasoning: Ignored = None

    @model_validator(mode="after")
    def is_whole(self) -> ChatTurn:
        if self.role == "tool" and not self.tool_call_id:
            raise refused(
                "missing_required_parameter", "A message of the role tool needs tool_call_id.", "tool_call_id"
            )
        if self.role != "assistant" and "content" not in self.model_fields_set:
            raise refused("missing_required_parameter", f"A message of the role {self.role} needs content.", "content")
        if self.role != "assistant" and self.tool_calls:
            raise refused("invalid_value", "Only a message of the role assistant may have tool_calls.", "tool_calls")
        return self

    def to_message(self) -> ChatMessage:
        said = text_of(self.content) or self.refusal
        return ChatMessage(
            role="system" if self.role == "developer" else self.role,
            content=f"{self.name}: {said}" if self.name and self.role == "user" else said,
            tool_calls=tuple(call.to_call() for call in self.tool_calls),
            tool_call_id=self.tool_call_id if self.role == "tool" else "",
        )


class ChatBody(WordSampling):
    """A chat to go on with."""

    refuses: ClassVar[Refusals] = {
        "functions": USE_TOOLS,
        "function_call": USE_TOOLS,
        "logit_bias": "Say in the messages which words to leave out.",
        "modalities": ONLY_TEXT,
        "moderation": UNMODERATED,
        "audio": ONLY_TEXT,
        "reasoning_effort": "Choose a model that thinks as long as you want in the settings.",
        "verbosity": "Say in the messages how long the answer is to be.",
        "web_search_options": "Offer a search of yours among the tools.",
        "top_k": SAMPLING,
        "min_p": SAMPLING,
        "repetition_penalty": "Use frequency_penalty or presence_penalty instead.",
    }
    idle: ClassVar[IdleValues] = {
        "functions": [],
        "function_call": "none",
        "logit_bias": {},
        "modalities": ["text"],
        "verbosity": "medium",
    }

    messages: list[ChatTurn] = Field(min_length=1, max_length=MOST_MESSAGES, description="The chat so far.")
    max_completion_tokens: TokenCount | None = Field(
        default=None, description="Answer budget in tokens; counts before max_tokens."
    )
    logprobs: Flag = Field(default=False, description="Whether to tell how likely each token was.")
    top_logprobs: Annotated[int, Field(strict=True, ge=0, le=20)] | None = Field(
        default=None, description="How many alternatives to tell with each token; needs logprobs."
    )
    tools: list[ChatTool] = Field(
        default_factory=list[ChatTool], max_length=MOST_TOOLS, description="Tools the model may want called."
    )
    tool_choice: ChatToolChoice = Field(
        default="auto", description="auto, none, required, or the one that must be called."
    )
    parallel_tool_calls: Flag | None = Field(default=None, description="Whether several may be wanted at once.")
    response_format: ChatFormat = Field(
        default=PlainFormat(type="text"), description="text, json_object or json_schema."
    )
    prediction: Ignored = None

    @model_validator(mode="after")
    def agrees(self) -> ChatBody:
        check_results(self.messages)
        self._choice()
        if self.top_logprobs and not self.logprobs:
            raise refused("invalid_value", "top_logprobs needs logprobs to be true.", "top_logprobs")
        return self

    def to_request(self) -> ModelRequest:
        return ModelRequest(
            messages=[turn.to_message() for turn in self.messages],
            max_tokens=self.max_completion_tokens or self.max_tokens,
            temperature=self.temperature,
            stream=self.stream,
            response_schema=self.response_format.held_to,
            options=self._options(),
        )

    def _options(self) -> AnswerOptions:
        more = {
            "top_logprobs": (self.top_logprobs or 0) if self.logprobs else None,
            "tools": tuple(tool.function.to_tool() for tool in self.tools),
            "tool_choice": self._choice(),
            "parallel_tool_calls": self.parallel_tool_calls,
        }
        return self.word_options.model_copy(update=more)

    def _choice(self) -> str:
        return chosen(self.tool_choice, [tool.function for tool in self.tools])


def check_results(turns: Sequence[ChatTurn]) -> None:
    """Each result answers a call that was wanted before it. Raises what a validator may."""
    wanted: set[str] = set()
    for number, turn in enumerate(turns):
        wanted.update(call.id for call in turn.tool_calls)
        if turn.role == "tool" and turn.tool_call_id not in wanted:
            raise refused(
                "invalid_value",
                "A message of the role tool must follow the assistant's message with the call it answers.",
                f"messages[{number}].tool_call_id",
            )
