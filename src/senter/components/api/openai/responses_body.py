"""What callers of /v1/responses send, and the request to a model that it becomes."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, cast

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator

from senter.components.api.openai.chat_body import MOST_MESSAGES, ONLY_TEXT, UNMODERATED, Content, text_of
from senter.components.api.openai.completion_body import ASK_CHATS
from senter.components.api.openai.fields import Flag, Given, IdleValues, Ignored, Refusals, Text, TokenCount, refused
from senter.components.api.openai.sampling_body import Sampling
from senter.components.api.openai.tools_body import (
    MOST_TOOLS,
    FlatFormat,
    FlatTool,
    FlatToolChoice,
    PlainFormat,
    chosen,
)
from senter.messages.model import AnswerOptions, ChatMessage, ModelRequest, ModelToolCall

SHORTEN = "Leave out of the input what is too much."
KEEP_YOURSELF = "Send the whole chat as input each time; nothing is kept here."


class MessageItem(Given):
    """Somebody says something."""

    type: Literal["message"] = Field(default="message", description="message; may be left out.")
    role: Literal["system", "developer", "user", "assistant"] = Field(
        description="Who says it; developer is the same as system."
    )
    content: Content = Field(description="What is said: text, or a list of text parts.")
    id: Ignored = None
    status: Ignored = None
    phase: Ignored = None

    def to_message(self) -> ChatMessage:
        return ChatMessage(role="system" if self.role == "developer" else self.role, content=text_of(self.content))


class CallItem(Given):
    """A call that the assistant wanted."""

    type: Literal["function_call"] = Field(description="function_call.")
    call_id: Text = Field(min_length=1, description="Names the call to its output.")
    name: Text = Field(description="The tool.")
    arguments: Text = Field(default="", description="JSON, as the model wrote it.")
    id: Ignored = None
    status: Ignored = None

    def to_message(self) -> ChatMessage:
        call = ModelToolCall(id=self.call_id, name=self.name, arguments=self.arguments)
        return ChatMessage(role="assistant", tool_calls=(call,))


class OutputItem(Given):
    """What a call came to."""

    type: Literal["function_call_output"] = Field(description="function_call_output.")
    call_id: Text = Field(min_length=1, description="The call it answers.")
    output: Content = Field(description="What came: text, or a list of text parts.")
    id: Ignored = None
    status: Ignored = None

    def to_message(self) -> ChatMessage:
        return ChatMessage(role="tool", content=text_of(self.output), tool_call_id=self.call_id)


KINDS = {"message": "<message>", "function_call": "<call>", "function_call_output": "<output>"}


def _item_kind(given: object) -> str | None:
    if isinstance(given, dict):
        kind = cast("dict[str, object]", given).get("type", "message")
        return KINDS.get(kind) if isinstance(kind, str) else None
    return KINDS.get(getattr(given, "type", ""))


InputItem = Annotated[
    Annotated[MessageItem, Tag("<message>")]
    | Annotated[CallItem, Tag("<call>")]
    | Annotated[OutputItem, Tag("<output>")],
    Discriminator(
        _item_kind,
        custom_error_type="unsupported_value",
        custom_error_message="must be a message, a function_call or a function_call_output",
    ),
]


def _as_items(given: object) -> object:
    return [{"role": "user", "content": given}] if isinstance(given, str) else given


class TextSettings(Given):
    refuses: ClassVar[Refusals] = {"verbosity": "Say in the input how long the answer is to be."}
    idle: ClassVar[IdleValues] = {"verbosity": "medium"}

    format: FlatFormat = Field(default=PlainFormat(type="text"), description="text, json_object or json_schema.")


def _no_logprobs(wanted: str) -> str:
    if wanted == "message.output_text.logprobs":
        raise refused("unsupported_value", f"logprobs are not told here. {ASK_CHATS}")
    return wanted


Included = Annotated[Text, AfterValidator(_no_logprobs)]


class ResponsesBody(Sampling):
    """Something to answer."""

    refuses: ClassVar[Refusals] = {
        "previous_response_id": KEEP_YOURSELF,
        "conversation": KEEP_YOURSELF,
        "prompt": "Put its text into instructions and input.",
        "background": "Ask for a stream instead.",
        "reasoning": "Choose a model that thinks as long as you want in the settings.",
        "truncation": SHORTEN,
        "context_management": SHORTEN,
        "moderation": UNMODERATED,
        "image": ONLY_TEXT,
        "access_programs": "There are none here.",
        "background_options": "Ask for a stream instead.",
        "top_logprobs": ASK_CHATS,
        "max_tool_calls": "Senter calls no tools here: it asks you to.",
    }
    idle: ClassVar[IdleValues] = {"background": False, "truncation": "disabled", "top_logprobs": 0, "reasoning": {}}

    input: Annotated[list[InputItem], Field(min_length=1, max_length=MOST_MESSAGES), BeforeValidator(_as_items)] = (
        Field(description="What is asked: text, or the chat so far as a list of items.")
    )
    instructions: Text = Field(default="", description="What the model is to heed; put before the input.")
    max_output_tokens: TokenCount | None = Field(default=None, description="Answer budget in tokens.")
    text: TextSettings = Field(default=TextSettings(), description="The form of the answer.")
    tools: list[FlatTool] = Field(
        default_factory=list[FlatTool], max_length=MOST_TOOLS, description="Tools the model may want called."
    )
    tool_choice: FlatToolChoice = Field(
        default="auto", description="auto, none, required, or the one that must be called."
    )
    parallel_tool_calls: Flag | None = Field(default=None, description="Whether several may be wanted at once.")
    include: list[Included] = Field(
        default_factory=list[str],
        description="Asks for logprobs are refused; what else it may hold is not there.",
    )
    stream_options: Ignored = None

    @model_validator(mode="after")
    def agrees(self) -> ResponsesBody:
        wanted: set[str] = set()
        for number, item in enumerate(self.input):
            if isinstance(item, CallItem):
                wanted.add(item.call_id)
            if isinstance(item, OutputItem) and item.call_id not in wanted:
                sentence = "A function_call_output must follow the function_call it answers."
                raise refused("invalid_value", sentence, f"input[{number}].call_id")
        chosen(self.tool_choice, self.tools)
        return self

    def to_request(self) -> ModelRequest:
        return ModelRequest(
            messages=self._messages(),
            max_tokens=self.max_output_tokens,
            temperature=self.temperature,
            stream=self.stream,
            response_schema=self.text.format.held_to,
            options=AnswerOptions(
                top_p=self.top_p,
                tools=tuple(tool.to_tool() for tool in self.tools),
                tool_choice=chosen(self.tool_choice, self.tools),
                parallel_tool_calls=self.parallel_tool_calls,
            ),
        )

    def _messages(self) -> list[ChatMessage]:
        """Calls that were wanted at once stand in one message, as models expect them."""
        said = [ChatMessage(role="system", content=self.instructions)] if self.instructions else []
        for item in self.input:
            message = item.to_message()
            if message.tool_calls and said and said[-1].role == "assistant":
                joined = (*said[-1].tool_calls, *message.tool_calls)
                message = said.pop().model_copy(update={"tool_calls": joined})
            said.append(message)
        return said
