"""Tool calls of a model that was not made for them: a schema of the answer holds it to calling a tool or answering.

The answer is one JSON object, `{"tool": NAME, "arguments": {...}}` or `{"answer": TEXT}`, and becomes a tool call or a
text here. What was called before is told as text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from uuid import uuid4

from pydantic import JsonValue
from pydantic_core import from_json

from senter.components.models.chunks import TOOL_CALLS
from senter.components.models.json_values import as_list, as_object, as_text
from senter.components.models.told_schema import values_in, with_instructions
from senter.components.models.wire import ChatAnswer, ChatRequest
from senter.errors import UnusableAnswer
from senter.messages.model import LENGTH, AnswerOptions, ChatMessage, ModelToolCall, OfferedTool

TOOL, ARGUMENTS, ANSWER = "tool", "arguments", "answer"
MOST_EXAMPLES = 3
NO_ARGUMENTS: dict[str, JsonValue] = {"type": "object", "properties": {}, "additionalProperties": False}
SAMPLES: dict[str, JsonValue] = {"integer": 3, "number": 1.5, "boolean": True, "array": [], "object": {}, "null": None}


def offering_by_schema(call: ChatRequest) -> ChatRequest:
    """The request with its tools as a schema and in words, and its history without tool messages."""
    messages = _as_text(call.messages)
    tools = _choosable(call)
    if not tools:
        return replace(call, messages=messages, options=_without_tools(call.options))
    may_answer = not call.must_call
    return replace(
        call,
        messages=with_instructions(messages, _instructions(tools, may_answer=may_answer)),
        schema=_schema(tools, call.schema, may_answer=may_answer),
        options=_without_tools(call.options),
    )


def call_in(answer: ChatAnswer, call: ChatRequest, title: str) -> ChatAnswer:
    """The tool call or the text that the answer holds. Raises `UnusableAnswer` where a call was due and none came."""
    if not call.tools:
        return answer
    found = _object(answer)
    if TOOL in found and answer.finish_reason == LENGTH:
        raise UnusableAnswer(f"{title} was cut off in the middle of a tool call.", "Allow a longer answer.")
    if TOOL in found:
        return replace(answer, text="", calls=(_wanted(found),), finish_reason=TOOL_CALLS)
    if call.must_call:
        raise UnusableAnswer(f"{title} did not call a tool, as it had to.")
    said = found.get(ANSWER, answer.text)
    return replace(answer, text=said if isinstance(said, str) else json.dumps(said, ensure_ascii=False))


def _wanted(found: dict[str, JsonValue]) -> ModelToolCall:
    arguments = found.get(ARGUMENTS)
    written = arguments if isinstance(arguments, str) else json.dumps(as_object(arguments), ensure_ascii=False)
    return ModelToolCall(id=f"call_{uuid4().hex}", name=as_text(found[TOOL]), arguments=written)


def _object(answer: ChatAnswer) -> dict[str, JsonValue]:
    """The object that the answer is or holds, or as much of it as came before the answer was cut off."""
    if answer.finish_reason == LENGTH:
        try:
            return as_object(from_json(answer.text, allow_partial="trailing-strings"))
        except ValueError:
            return {}
    objects = (as_object(value) for _, value in values_in(answer.text))
    nothing: dict[str, JsonValue] = {}
    return next((found for found in objects if found.keys() & {TOOL, ANSWER}), nothing)


def _choosable(call: ChatRequest) -> tuple[OfferedTool, ...]:
    only = call.options.tool_choice.removeprefix("tool:")
    named = tuple(tool for tool in call.tools if tool.name == only)
    return named if only != call.options.tool_choice else call.tools


def _without_tools(options: AnswerOptions) -> AnswerOptions:
    return options.model_copy(update={"tools": (), "tool_choice": "auto", "parallel_tool_calls": None})


def _schema(
    tools: Iterable[OfferedTool], answer: dict[str, JsonValue] | None, *, may_answer: bool
) -> dict[str, JsonValue]:
    definitions: dict[str, JsonValue] = {}

    def placed(schema: dict[str, JsonValue], name: str) -> JsonValue:
        """A schema that refers to parts of itself is moved, as a whole, to where its references can be found."""
        if '"$ref"' not in (written := json.dumps(schema)):
            return schema
        here = f"#/$defs/{name}"
        definitions[name] = json.loads(written.replace('"$ref": "#', f'"$ref": "{here}'))
        return {"$ref": here}

    branches = [
        _one_of({TOOL: {"const": tool.name}, ARGUMENTS: placed(tool.parameters or NO_ARGUMENTS, tool.name)})
        for tool in tools
    ]
    if may_answer:
        branches.append(_one_of({ANSWER: placed(answer, ANSWER) if answer else {"type": "string"}}))
    return {"anyOf": branches, **({"$defs": definitions} if definitions else {})}


def _one_of(properties: dict[str, JsonValue]) -> JsonValue:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _instructions(tools: tuple[OfferedTool, ...], *, may_answer: bool) -> str:
    lines = ["You can call these tools:", *map(_line, tools), "", "Answer with one JSON object and nothing else."]
    lines.append('To call a tool: {"tool": NAME, "arguments": {...}}')
    if may_answer:
        lines.append('When no tool is needed, or its result is there: {"answer": TEXT}')
    lines += ["Examples:", *map(_example, tools[:MOST_EXAMPLES])]
    if may_answer:
        lines.append('{"answer": "Hello! How can I help you?"}')
    return "\n".join(lines)


def _line(tool: OfferedTool) -> str:
    required = as_list(tool.parameters.get("required"))
    properties = as_object(tool.parameters.get("properties"))
    arguments = (_argument(name, as_object(kind), name in required) for name, kind in properties.items())
    return f"- {tool.name}({', '.join(arguments)}): {tool.description}".rstrip(": ")


def _argument(name: str, kind: dict[str, JsonValue], required: bool) -> str:
    values = " or ".join(json.dumps(value, ensure_ascii=False) for value in as_list(kind.get("enum")))
    told = values or as_text(kind.get("format")) or as_text(kind.get("type")) or "any"
    meaning = as_text(kind.get("description"))
    return f"{name}{'' if required else '?'}: {told}{f' ({meaning})' if meaning else ''}"


def _example(tool: OfferedTool) -> str:
    required = as_list(tool.parameters.get("required"))
    properties = as_object(tool.parameters.get("properties"))
    arguments = {name: _sample(as_object(kind)) for name, kind in properties.items() if name in required}
    return json.dumps({TOOL: tool.name, ARGUMENTS: arguments}, ensure_ascii=False)


def _sample(kind: dict[str, JsonValue]) -> JsonValue:
    choices = as_list(kind.get("enum")) or as_list(kind.get("examples"))
    return choices[0] if choices else SAMPLES.get(as_text(kind.get("type")), "...")


def _as_text(messages: Iterable[ChatMessage]) -> tuple[ChatMessage, ...]:
    """A history of tool calls in the words in which the model is to call; results are told by the user."""
    names: dict[str, str] = {}
    told: list[ChatMessage] = []
    for message in messages:
        names |= {call.id: call.name for call in message.tool_calls}
        if message.role == "tool":
            _add_result(told, f"Result of {names.get(message.tool_call_id, 'the tool')}:\n{message.content}")
        elif message.tool_calls:
            said = [message.content, *map(_called, message.tool_calls)]
            told.append(ChatMessage(role="assistant", content="\n".join(filter(None, said))))
        else:
            told.append(message)
    return tuple(told)


def _add_result(told: list[ChatMessage], result: str) -> None:
    """Results of calls that were made together are told together."""
    if told and told[-1].role == "user" and told[-1].content.startswith("Result of "):
        result = f"{told.pop().content}\n\n{result}"
    told.append(ChatMessage(role="user", content=result))


def _called(call: ModelToolCall) -> str:
    try:
        arguments = as_object(from_json(call.arguments))
    except ValueError:
        arguments = {}
    return json.dumps({TOOL: call.name, ARGUMENTS: arguments}, ensure_ascii=False)
