"""Servers that speak the chat API in a way of their own: their answers are read, their refusals heeded."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from pydantic import JsonValue

from senter.components.models.endpoint import Endpoint, Timeouts
from senter.components.models.quirks import NO_QUIRKS, Quirks
from senter.components.models.wire import ChatAnswer, ChatRequest
from senter.errors import ModelError, ModelRefused, ModelUnavailable, ParameterRefused, PromptTooLong, UnusableAnswer
from senter.messages.model import AnswerOptions, ChatMessage, ModelToolCall, OfferedTool
from tests.scripted_model import (
    Behaviour,
    Exchange,
    ScriptedModel,
    answering,
    hanging,
    refusing,
    saying,
    scripted_model,
)

PATIENT = Timeouts(connect=2, silence=10, answer=20)
QUESTION = ChatMessage(role="user", content="What is Python?")
SYSTEM = ChatMessage(role="system", content="Be kind.")
DONE = b"data: [DONE]\n\n"
WEATHER = OfferedTool(
    name="weather",
    description="The weather of a place.",
    parameters={"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)
CALL: JsonValue = {"index": 0, "id": "t1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}


def call(*messages: ChatMessage, schema: dict[str, JsonValue] | None = None, **options: object) -> ChatRequest:
    wanted = AnswerOptions.model_validate(options)
    return ChatRequest(messages or (QUESTION,), max_tokens=50, temperature=0.7, schema=schema, options=wanted)


def piece(delta: JsonValue, finish: JsonValue = None, **fields: JsonValue) -> JsonValue:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **fields}


def streaming(*events: JsonValue, end: bytes = DONE) -> Behaviour:
    """Streams each event in a chunk of its own, and ends with `end`."""

    async def behave(exchange: Exchange) -> None:
        await exchange.begin_stream()
        for event in events:
            await exchange.event(event)
        if end:
            await exchange.chunk(end)
        await exchange.raw(b"0\r\n\r\n")

    return behave


def writing(*pieces: str, finish: str = "stop") -> Behaviour:
    return streaming(*(piece({"content": text}) for text in pieces), piece({}, finish))


def whole(message: JsonValue, finish: JsonValue = "stop") -> Behaviour:
    body: JsonValue = {"choices": [{"index": 0, "message": message, "finish_reason": finish}]}
    return saying(json.dumps(body).encode(), kind="application/json")


@dataclass
class Talk:
    """One endpoint, the server behind it, and what came of the last question."""

    server: ScriptedModel
    endpoint: Endpoint
    shown: list[str] = field(default_factory=list[str])
    """The pieces that still hold."""
    voided: list[str] = field(default_factory=list[str])
    """Those that were taken back."""

    async def ask(
        self, asked: ChatRequest | None = None, *, quirks: Quirks = NO_QUIRKS, model: str = "m"
    ) -> ChatAnswer:
        self.shown.clear()
        return await self.endpoint.complete(model, asked or call(), self._show, quirks=quirks, on_void=self._void)

    async def _show(self, text: str) -> None:
        self.shown.append(text)

    def _void(self) -> None:
        self.voided += self.shown
        self.shown.clear()

    @property
    def bodies(self) -> list[dict[str, JsonValue]]:
        return [asked.body for asked in self.server.asked]


@asynccontextmanager
async def talk(*script: Behaviour) -> AsyncGenerator[Talk]:
    async with scripted_model(*script) as server:
        endpoint = Endpoint(server.url, title="The model", timeouts=PATIENT)
        try:
            yield Talk(server, endpoint)
        finally:
            await endpoint.close()


async def answer_to(behaviour: Behaviour, asked: ChatRequest | None = None) -> ChatAnswer:
    """The answer; what was shown of it is the same."""
    async with talk(behaviour) as it:
        found = await it.ask(asked)
        assert "".join(it.shown) == found.text
        assert not it.voided
        return found


async def failure(behaviour: Behaviour, asked: ChatRequest | None = None) -> ModelError:
    async with talk(behaviour) as it:
        with pytest.raises(ModelError) as caught:
            await it.ask(asked)
    return caught.value


# The end of an answer


@pytest.mark.parametrize("end", [b"data: [DONE]", b"data:[DONE]\r\n\r\n"])
async def test_done_needs_no_line_of_its_own(end: bytes) -> None:
    assert (await answer_to(streaming(piece({"content": "Hello."}), end=end))).text == "Hello."


async def test_half_an_event_at_the_end_is_none() -> None:
    error = await failure(streaming(piece({"content": "Hello."}), end=b'data: {"choi'))
    assert "before it was complete" in error.message


@pytest.mark.parametrize("finish", [None, "", "null"])
async def test_done_ends_an_answer_that_gives_no_reason(finish: JsonValue) -> None:
    found = await answer_to(streaming(piece({"content": "Hello."}), piece({}, finish)))
    assert (found.text, found.finish_reason) == ("Hello.", "stop")


async def test_a_reason_ends_an_answer_without_done() -> None:
    found = await answer_to(streaming(piece({"content": "Hello."}), piece({}, "stop"), end=b""))
    assert (found.text, found.finish_reason) == ("Hello.", "stop")


async def test_without_either_an_answer_is_not_complete() -> None:
    error = await failure(streaming(piece({"content": "Hello."}), end=b""))
    assert isinstance(error, ModelUnavailable)
    assert error.retryable


async def test_a_connection_that_breaks_after_the_answer_takes_nothing_from_it() -> None:
    async def breaking(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.event(piece({"content": "Hello."}, "stop"))
        exchange.reset()

    assert (await answer_to(breaking)).text == "Hello."


async def test_a_server_that_falls_silent_after_the_answer_takes_nothing_from_it() -> None:
    async def silent(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.event(piece({"content": "Hello."}, "stop"))
        await hanging(exchange)

    async with scripted_model(silent) as server:
        endpoint = Endpoint(server.url, title="The model", timeouts=Timeouts(connect=2, silence=0.2, answer=5))
        assert (await endpoint.complete("m", call(), _discard)).text == "Hello."
        await endpoint.close()


async def _discard(_: str) -> None:
    """Nobody reads along."""


async def test_a_whole_answer_needs_no_reason_to_end() -> None:
    assert (await answer_to(whole({"content": "Hello."}, None))).text == "Hello."


async def test_events_that_are_called_json_are_events() -> None:
    events = f"data: {json.dumps(piece({'content': 'Hello.'}, 'stop'))}\n\n".encode() + DONE
    assert (await answer_to(saying(events, kind="application/json"))).text == "Hello."


@pytest.mark.parametrize("reason", ["length", "content_filter"])
async def test_an_answer_that_was_cut_says_so(reason: str) -> None:
    assert (await answer_to(writing("Hello ", "th", finish=reason))).finish_reason == reason


@pytest.mark.parametrize(
    "odd",
    [
        {"choices": None},
        {"choices": [], "usage": {"prompt_tokens": None, "completion_tokens": None}},
        {"choices": [], "usage": {"prompt_tokens": 1.5, "completion_tokens": "x"}},
        {"choices": [None, 5]},
        {},
    ],
)
async def test_an_odd_event_takes_nothing_from_an_answer(odd: JsonValue) -> None:
    assert (await answer_to(streaming(odd, piece({"content": "Hello."}), piece({}, "stop"), odd))).text == "Hello."


async def test_what_a_server_does_not_count_is_estimated() -> None:
    usage: JsonValue = {"choices": [], "usage": {"prompt_tokens": None, "completion_tokens": 2.0}}
    found = await answer_to(streaming(piece({"content": "Hello."}, "stop"), usage))
    assert (found.prompt_tokens, found.completion_tokens) == (len(QUESTION.content) // 4, 2)


# Answers without a word


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        (writing(""), "empty answer"),
        (writing(" \n"), "empty answer"),
        (writing(finish="length"), "50 tokens without a word"),
        (writing(finish="content_filter"), "content filter"),
        (streaming(piece({"reasoning_content": "Hm. "}), piece({}, "length")), "60 tokens on thinking"),
        (streaming(piece({"reasoning": "Hm. "}), piece({}, "stop")), "thought about it"),
        (writing("<think>\nLet me see, I ", "should", finish="length"), "60 tokens on thinking"),
        (writing("<think>All said.</think>\n\n"), "thought about it"),
        (streaming(piece({"tool_calls": [CALL]}), piece({}, "tool_calls")), "not offered"),
        (whole({"content": None}), "empty answer"),
        (whole(None), "empty answer"),
    ],
)
async def test_an_answer_without_a_word_is_none_and_says_why(behaviour: Behaviour, why: str) -> None:
    error = await failure(behaviour, replace(call(), thinking_tokens=10))
    assert isinstance(error, UnusableAnswer)
    assert why in error.message
    assert error.hint


async def test_an_answer_that_its_asker_made_too_short_for_a_word_is_one() -> None:
    assert (await answer_to(writing("\n", finish="length"))).finish_reason == "length"


async def test_a_stop_word_may_leave_an_answer_empty() -> None:
    assert (await answer_to(writing("\nHello"), call(stop=["\n"]))).text == ""


# Thoughts


async def test_thoughts_are_no_part_of_an_answer_and_never_shown() -> None:
    async with talk(writing("<th", "ink>\nThe user ", "greets.\n</th", "ink>", "\n\nHel", "lo.")) as it:
        found = await it.ask()
    assert (found.text, it.shown, it.voided) == ("Hello.", ["Hel", "lo."], [])


async def test_what_was_shown_before_a_lone_end_of_thoughts_is_void_and_the_next_answer_waits_for_it() -> None:
    aloud = writing("She greets ", "me.\n</think>\n\n", "Hel", "lo.")
    async with talk(aloud) as it:
        assert (await it.ask()).text == "Hello."
        assert (it.shown, it.voided) == (["Hel", "lo."], ["She greets "])
        it.voided.clear()
        assert (await it.ask()).text == "Hello."
        assert (it.shown, it.voided) == (["Hel", "lo."], [])


async def test_a_model_never_heard_that_sounds_like_thinking_is_not_shown_before_it_answers() -> None:
    async with talk(writing("The user ", "greets me.\n</think>\n\n", "Hel", "lo.")) as it:
        assert (await it.ask()).text == "Hello."
        assert (it.shown, it.voided) == (["Hel", "lo."], [])


async def test_a_model_known_to_think_aloud_that_was_cut_in_its_thoughts_has_not_answered() -> None:
    async with talk(writing("Hm.</think>Hello."), writing("The user greets", finish="length")) as it:
        await it.ask()
        with pytest.raises(UnusableAnswer):
            await it.ask()
        assert it.shown == []


async def test_a_model_whose_name_says_that_it_thinks_is_not_shown_before_it_answers() -> None:
    async with talk(writing("The user ", "greets.\n</think>", "Hello."), writing("Hel", "lo.")) as it:
        assert (await it.ask(model="deepseek-r1:7b")).text == "Hello."
        assert (it.shown, it.voided) == (["Hello."], [])


async def test_a_model_whose_name_says_that_it_thinks_but_does_not_is_shown_from_the_second_answer_on() -> None:
    async with talk(writing("Hel", "lo.")) as it:
        for shown in (["Hello."], ["Hel", "lo."]):
            assert (await it.ask(model="qwen3:8b")).text == "Hello."
            assert it.shown == shown


async def test_an_answer_of_such_a_model_that_was_cut_and_does_not_sound_like_thinking_is_one() -> None:
    async with talk(writing("Hm.</think>Hello."), writing("Hello ", "th", finish="length")) as it:
        await it.ask()
        assert (await it.ask()).text == "Hello th"


async def test_the_last_answer_says_whether_a_model_thinks_aloud() -> None:
    async with talk(writing("Hm.</think>Hello."), writing("Hello."), writing("Hel", "lo", finish="length")) as it:
        for _ in range(2):
            await it.ask()
        assert (await it.ask()).text == "Hello"
        assert it.shown == ["Hel", "lo"]


async def test_a_model_that_thinks_gets_the_tokens_for_that_besides_where_the_asker_allows_it() -> None:
    async def thinking(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.event(piece({"reasoning_content": "Hm."}))
        if exchange.asked.max_tokens == 1_050:
            for _ in range(1_000):
                await exchange.event(piece({"content": "word "}))
        await exchange.end_stream("length")

    async with talk(thinking) as it:
        for asked in (2, 3):
            found = await it.ask(replace(call(), thinking_tokens=1_000))
            assert found.finish_reason == "length"
            assert 50 * len("word ") <= len(found.text) < 1_000 * len("word ")
            assert len(it.bodies) == asked
        with pytest.raises(UnusableAnswer):
            await it.ask()


async def test_a_model_that_only_ever_thinks_has_not_answered() -> None:
    error = await failure(
        streaming(piece({"reasoning": "Hm."}), piece({}, "length")), replace(call(), thinking_tokens=1_000)
    )
    assert "1050 tokens on thinking" in error.message


# Tool calls


@pytest.mark.parametrize(
    ("behaviour", "wanted"),
    [
        (streaming(piece({"tool_calls": [CALL]}), piece({}, "tool_calls")), [("weather", "{}")]),
        (
            streaming(
                piece({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "weather", "arguments": ""}}]}),
                piece({"tool_calls": [{"index": 1, "id": "b", "function": {"name": "other", "arguments": "{"}}]}),
                piece({"tool_calls": [{"index": 0, "function": {"arguments": '{"city":'}}]}),
                piece({"tool_calls": [{"index": 1, "function": {"arguments": "}"}}]}),
                piece({"tool_calls": [{"index": 0, "function": {"arguments": ' "Rome"}'}}]}, "tool_calls"),
            ),
            [("weather", '{"city": "Rome"}'), ("other", "{}")],
        ),
        (  # no index, no id: a new name begins a new call
            streaming(
                piece({"tool_calls": [{"function": {"name": "weather", "arguments": '{"a"'}}]}),
                piece({"tool_calls": [{"function": {"arguments": ": 1}"}}]}),
                piece({"tool_calls": [{"function": {"name": "weather", "arguments": "{}"}}]}, "stop"),
            ),
            [("weather", '{"a": 1}'), ("weather", "{}")],
        ),
        (  # one index for all, ids apart
            streaming(
                piece({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "x", "arguments": "{}"}}]}),
                piece({"tool_calls": [{"index": 0, "id": "b", "function": {"name": "y", "arguments": "{}"}}]}, "stop"),
            ),
            [("x", "{}"), ("y", "{}")],
        ),
        (
            whole({"content": None, "tool_calls": [{"function": {"name": "weather", "arguments": {"city": "Rome"}}}]}),
            [("weather", '{"city": "Rome"}')],
        ),
        (whole({"tool_calls": [{"name": "weather", "arguments": None}]}, "tool_calls"), [("weather", "{}")]),
        (whole({"function_call": {"name": "weather", "arguments": "{}"}}, "function_call"), [("weather", "{}")]),
        (
            whole({"content": "", "tool_calls": [{"id": 7, "function": {"name": "weather"}}, 5, None]}),
            [("weather", "{}")],
        ),
    ],
)
async def test_tool_calls_are_put_together_however_they_come(
    behaviour: Behaviour, wanted: Sequence[tuple[str, str]]
) -> None:
    found = await answer_to(behaviour, call(tools=[WEATHER]))
    assert [(one.name, one.arguments) for one in found.calls] == list(wanted)
    assert found.finish_reason == "tool_calls"
    assert len({one.id for one in found.calls if one.id}) == len(wanted)


async def test_a_call_that_was_not_offered_is_left_out_of_an_answer_with_words() -> None:
    found = await answer_to(whole({"content": "Hello.", "tool_calls": [CALL]}))
    assert (found.text, found.calls) == ("Hello.", ())


async def test_who_wants_one_call_at_a_time_gets_one() -> None:
    both: JsonValue = [CALL, {"index": 1, "id": "t2", "function": {"name": "weather", "arguments": "{}"}}]
    asked = call(tools=[WEATHER], parallel_tool_calls=False)
    assert [one.id for one in (await answer_to(whole({"tool_calls": both}), asked)).calls] == ["t1"]


async def test_tools_options_and_a_history_of_calls_are_sent_as_the_api_has_them() -> None:
    history = (
        QUESTION,
        ChatMessage(role="assistant", tool_calls=(ModelToolCall(id="t1", name="weather", arguments="{}"),)),
        ChatMessage(role="tool", tool_call_id="t1", content="Rain."),
    )
    wishes: dict[str, JsonValue] = {"stop": ["END"], "top_p": 0.5, "seed": 7}
    wishes |= {"frequency_penalty": 1.0, "presence_penalty": -1.0, "parallel_tool_calls": True}
    offered: dict[str, object] = {"tools": [WEATHER], "tool_choice": "tool:weather", **wishes}
    asked = replace(call(*history), options=AnswerOptions.model_validate(offered))
    async with talk(whole({"tool_calls": [CALL]})) as it:
        await it.ask(asked)
        (body,) = it.bodies
    function: JsonValue = {
        "name": "weather",
        "description": "The weather of a place.",
        "parameters": WEATHER.parameters,
    }
    called: JsonValue = {"id": "t1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
    assert body["messages"] == [
        {"role": "user", "content": "What is Python?"},
        {"role": "assistant", "content": None, "tool_calls": [called]},
        {"role": "tool", "tool_call_id": "t1", "content": "Rain."},
    ]
    assert body["tools"] == [{"type": "function", "function": function}]
    assert body["tool_choice"] == {"type": "function", "function": {"name": "weather"}}
    assert {name: body[name] for name in wishes} == wishes


@pytest.mark.parametrize(("choice", "sent"), [("auto", None), ("required", "required"), ("none", None)])
async def test_a_choice_of_tools_is_sent_where_it_is_one(choice: str, sent: JsonValue) -> None:
    async with talk(whole({"content": "Hello.", "tool_calls": [CALL]})) as it:
        found = await it.ask(call(tools=[WEATHER], tool_choice=choice))
        (body,) = it.bodies
    assert body.get("tool_choice") == sent
    assert ("tools" in body) == (choice != "none") == bool(found.calls)


# Log probabilities


def likely(token: str) -> dict[str, JsonValue]:
    return {"token": token, "logprob": -0.5, "top_logprobs": []}


async def test_log_probabilities_are_collected() -> None:
    events: list[JsonValue] = [
        {"choices": [{"delta": {"content": text}, "logprobs": {"content": [likely(text)]}}]} for text in ("Hel", "lo")
    ]
    async with talk(streaming(*events, piece({}, "stop"))) as it:
        found = await it.ask(call(top_logprobs=0))
        (body,) = it.bodies
    assert found.logprobs == {"content": [likely("Hel"), likely("lo")]}
    assert (body["logprobs"], "top_logprobs" in body) == (True, False)


async def test_a_server_that_tells_none_is_said_not_to_take_them() -> None:
    error = await failure(writing("Hello."), call(top_logprobs=2))
    assert isinstance(error, ParameterRefused)
    assert error.parameter == "logprobs"


# Stop words


async def test_stop_words_are_found_on_our_side_also_across_pieces() -> None:
    async with talk(writing("One ", "E", "ND two", " three")) as it:
        found = await it.ask(call(stop=["###", "END"]))
    assert (found.text, found.finish_reason, it.shown) == ("One ", "stop", ["One "])


async def test_what_only_looked_like_a_stop_word_is_shown() -> None:
    assert (await answer_to(writing("One E", "N two ##"), call(stop=["###", "END"]))).text == "One EN two ##"


# Refusals


def unless(refuses: str, said: JsonValue, status: int = 400) -> Behaviour:
    """Refuses, in these words, whatever body holds the parameter; else answers."""

    async def behave(exchange: Exchange) -> None:
        if refuses in exchange.asked.body:
            await refusing(status, said)(exchange)
        else:
            await answering("Hello.")(exchange)

    return behave


def error(message: str, param: JsonValue = None) -> JsonValue:
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": None}}


NO_MAX_TOKENS = (
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
)


@pytest.mark.parametrize(
    ("refuses", "said", "status"),
    [
        ("max_tokens", error(NO_MAX_TOKENS, "max_tokens"), 400),
        ("max_tokens", error(NO_MAX_TOKENS), 400),
        ("temperature", error("'temperature' does not support 0.7. Only the default (1) is supported."), 400),
        ("temperature", error("`temperature` is deprecated for this model."), 400),
        ("stream_options", {"message": "body: extra fields not permitted: stream_options"}, 422),
        ("stream_options", {"detail": [{"loc": ["body", "stream_options"], "msg": "Extra inputs"}]}, 422),
        ("stream_options", {"object": "error", "message": "Unknown parameter include_usage", "code": 400}, 400),
        ("stream", error("Your organization must be verified to stream this model.", "stream"), 400),
        ("stream", {"error": "This model does not support streaming"}, 500),
        ("stop", error("Unsupported parameter: 'stop' is not supported with this model.", "stop"), 400),
    ],
)
async def test_what_a_server_refuses_is_left_out_at_once_and_from_then_on(
    refuses: str, said: JsonValue, status: int
) -> None:
    async with talk(unless(refuses, said, status)) as it:
        for _ in range(2):
            assert (await it.ask(call(stop=["END"]))).text == "Hello."
        assert [refuses in body for body in it.bodies] == [True, False, False]


async def test_what_is_refused_for_one_model_is_asked_of_another() -> None:
    async with talk(unless("temperature", error("temperature is not supported"))) as it:
        await it.ask(model="one")
        await it.ask(model="two")
        assert ["temperature" in body for body in it.bodies] == [True, False, True, False]


async def test_the_length_of_an_answer_has_two_names() -> None:
    async with talk(unless("max_tokens", error(NO_MAX_TOKENS))) as it:
        await it.ask()
        assert it.bodies[-1]["max_completion_tokens"] == 50


async def test_several_refusals_are_heeded_one_after_the_other() -> None:
    async def picky(exchange: Exchange) -> None:
        taken = {"model", "messages", "stream"}
        refused = [name for name in exchange.asked.body if name not in taken]
        if refused:
            await refusing(422, {"detail": [{"loc": ["body", refused[0]], "msg": "Extra inputs"}]})(exchange)
        else:
            await answering("Hello.")(exchange)

    async with talk(picky) as it:
        assert (await it.ask()).text == "Hello."
        asked = len(it.bodies)
        await it.ask()
        assert len(it.bodies) == asked + 1


async def test_the_length_is_kept_on_our_side_where_a_server_takes_none() -> None:
    async def unlimited(exchange: Exchange) -> None:
        if exchange.asked.body.keys() & {"max_tokens", "max_completion_tokens"}:
            await refusing(400, error("Unknown parameter: max_tokens or max_completion_tokens"))(exchange)
        else:
            await answering(*["word "] * 500, delay_seconds=0)(exchange)

    async with talk(unlimited) as it:
        found = await it.ask()
    assert found.finish_reason == "length"
    assert len(found.text) < 400 * len("word ")


async def test_a_value_that_is_too_large_is_left_out_this_once() -> None:
    async def short(exchange: Exchange) -> None:
        if "max_tokens" in exchange.asked.body and len(exchange.asked.messages) == 1:
            await refusing(400, error("max_tokens is too large: 50. This model supports at most 5."))(exchange)
        else:
            await answering("Hello.")(exchange)

    async with talk(short) as it:
        await it.ask()
        await it.ask(call(SYSTEM, QUESTION))
        assert ["max_tokens" in body for body in it.bodies] == [True, False, True]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (error("System role not supported"), 400),
        (error("Unsupported value: 'messages[0].role' does not support 'system' with this model."), 400),
        (error("Developer instruction is not enabled for models/gemma-3"), 400),
        (error("Only user and assistant roles are supported!"), 500),
        (error("Conversation roles must alternate user/assistant/user/assistant/..."), 500),
    ],
)
async def test_a_system_message_becomes_part_of_the_question_where_there_is_no_such_role(
    said: JsonValue, status: int
) -> None:
    async def without_system(exchange: Exchange) -> None:
        roles = [message["role"] for message in exchange.asked.messages]
        await (refusing(status, said) if "system" in roles else answering("Hello."))(exchange)

    async with talk(without_system) as it:
        for _ in range(2):
            assert (await it.ask(call(SYSTEM, QUESTION))).text == "Hello."
        assert len(it.bodies) == 3
        assert it.bodies[-1]["messages"] == [{"role": "user", "content": "Be kind.\n\nWhat is Python?"}]


async def test_messages_of_one_role_are_told_as_one_where_roles_must_alternate() -> None:
    async def strict(exchange: Exchange) -> None:
        roles = [message["role"] for message in exchange.asked.messages]
        alternate = roles == ["system", "user"]
        said = error("Conversation roles must alternate user/assistant/user/assistant/...")
        await (answering("Hello.") if alternate else refusing(400, said))(exchange)

    async with talk(strict) as it:
        assert (await it.ask(call(SYSTEM, QUESTION, QUESTION))).text == "Hello."
        assert it.bodies[-1]["messages"] == [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": "What is Python?\n\nWhat is Python?"},
        ]


@pytest.mark.parametrize(
    ("option", "value", "named"),
    [
        ("top_p", 0.5, "top_p"),
        ("seed", 7, "seed"),
        ("frequency_penalty", 1, "frequency_penalty"),
        ("presence_penalty", 1, "presence_penalty"),
        ("top_logprobs", 2, "logprobs"),
    ],
)
async def test_what_nobody_else_can_do_is_refused_by_name(option: str, value: object, named: str) -> None:
    async with talk(unless(named, error(f"Unsupported parameter: '{named}' is not supported."))) as it:
        for asked in (1, 1):  # the second time it is known
            with pytest.raises(ParameterRefused) as caught:
                await it.ask(replace(call(), options=AnswerOptions.model_validate({option: value})))
            assert caught.value.parameter == named
            assert len(it.bodies) == asked
        assert (await it.ask()).text == "Hello."


async def test_a_temperature_that_was_not_sent_is_told() -> None:
    async with talk(unless("temperature", error("temperature is not supported"))) as it:
        assert (await it.ask()).left_out == ("temperature",)


@pytest.mark.parametrize(
    ("behaviour", "kind", "words"),
    [
        (refusing(400, error("The model is on holiday.")), ModelRefused, "on holiday"),
        (refusing(400, {"object": "error", "message": "No luck.", "code": 400}), ModelRefused, "No luck"),
        (refusing(400, error("temperature and stream: you owe us money", "billing")), ModelRefused, "owe us money"),
        (refusing(400, {"detail": "context too long: 5000 > 4096"}), PromptTooLong, "too long"),
        (refusing(429, error("max_tokens must be lower: rate limit")), ModelUnavailable, "(429): max_tokens must be"),
        (refusing(429, error("You exceeded your current quota, check your plan.")), ModelRefused, "your current quota"),
        (refusing(401, error("The key has run out.")), ModelRefused, "does not accept the key (401): The key has"),
        (refusing(404, {"detail": "No model m."}), ModelRefused, "(404): No model m."),
        (refusing(502), ModelUnavailable, "failed (502)."),
        (refusing(500, error("Unexpected end of stream: cannot read it.")), ModelUnavailable, "Unexpected end"),
        (streaming({"error": {"message": "Loading.", "code": 503}}), ModelUnavailable, "broke off: Loading"),
        (streaming({"error": {"message": "No such key.", "code": 401}}), ModelRefused, "does not accept the key"),
        (streaming({"detail": "context too long"}), PromptTooLong, "too long"),
        (streaming(piece({"content": "Hel"}, "error")), ModelUnavailable, "broke off: error"),
        (saying(b'{"status": "ok"}', kind="application/json"), ModelUnavailable, "not a chat completion"),
    ],
)
async def test_other_refusals_end_the_request_with_what_was_said(
    behaviour: Behaviour, kind: type[ModelError], words: str
) -> None:
    async with talk(behaviour) as it:
        with pytest.raises(kind) as caught:
            await it.ask()
        assert words in caught.value.message
        assert len(it.bodies) == 1


async def test_a_server_that_refuses_whatever_is_left_out_is_given_up() -> None:
    error_ = await failure(refusing(400, error("temperature, stream, stop and seed are not supported")))
    assert isinstance(error_, ModelRefused)


# Tools and JSON on our side

COLOUR: dict[str, JsonValue] = {
    "type": "object",
    "properties": {"colour": {"type": "string"}},
    "required": ["colour"],
}
RED = '{"colour": "red"}'
WANTED = '{"tool": "weather", "arguments": {"city": "Rome"}}'


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (error("registry.ollama.ai/library/gemma:2b does not support tools"), 400),
        (error("tools param requires --jinja flag"), 500),
        (error("No endpoints found that support tool use."), 404),
        (error('"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'), 400),
        (error("Function calling is not enabled for this model", "functions"), 400),
    ],
)
async def test_tools_are_offered_by_a_schema_to_a_server_that_takes_none(said: JsonValue, status: int) -> None:
    async def plain(exchange: Exchange) -> None:
        await (refusing(status, said) if "tools" in exchange.asked.body else writing(WANTED[:9], WANTED[9:]))(exchange)

    async with talk(plain) as it:
        for _ in range(2):
            found = await it.ask(call(tools=[WEATHER]))
            assert [(one.name, json.loads(one.arguments)) for one in found.calls] == [("weather", {"city": "Rome"})]
            assert (found.text, it.shown) == ("", [])
        assert ["tools" in body for body in it.bodies] == [True, False, False]
        assert "response_format" in it.bodies[-1]


async def test_a_history_of_calls_is_told_as_text_to_a_server_that_has_no_such_role() -> None:
    async def plain(exchange: Exchange) -> None:
        roles = [message["role"] for message in exchange.asked.messages]
        refused = refusing(400, error("Messages of role 'tool' are not supported."))
        await (refused if "tool" in roles else answering("It rains."))(exchange)

    wanted = ModelToolCall(id="t1", name="weather", arguments="{}")
    history = (QUESTION, ChatMessage(role="assistant", tool_calls=(wanted,)), ChatMessage(role="tool", content="Rain."))
    async with talk(plain) as it:
        assert (await it.ask(call(*history))).text == "It rains."
        assert it.shown == ["It rains."]


async def test_a_link_can_say_beforehand_that_tools_are_offered_by_a_schema() -> None:
    async with talk(writing('{"answer":', ' "Hello."}')) as it:
        found = await it.ask(call(tools=[WEATHER]), quirks=frozenset({"tools"}))
        assert (found.text, it.shown) == ("Hello.", ["Hello."])
        assert len(it.bodies) == 1
        assert "tools" not in it.bodies[0]


async def test_stop_words_are_about_the_answer_not_about_the_json_it_comes_in() -> None:
    async with talk(writing('{\n"answer": "One\\ntwo"\n}')) as it:
        found = await it.ask(call(tools=[WEATHER], stop=["\n"]), quirks=frozenset({"tools"}))
        assert (found.text, found.finish_reason, it.shown) == ("One", "stop", ["One"])
        assert "stop" not in it.bodies[0]


async def test_a_call_that_was_due_and_did_not_come_is_asked_for_by_a_schema() -> None:
    async with talk(writing("I would ", "look."), writing(WANTED)) as it:
        found = await it.ask(call(tools=[WEATHER], tool_choice="required"))
        assert [one.name for one in found.calls] == ["weather"]
        assert (it.shown, it.voided) == ([], ["I would ", "look."])


async def test_a_model_that_calls_nothing_even_so_has_not_answered() -> None:
    error = await failure(writing("I would look."), call(tools=[WEATHER], tool_choice="required"))
    assert isinstance(error, UnusableAnswer)


def taking(*kinds: str) -> Behaviour:
    """Takes these kinds of `response_format` only; the model puts words around its JSON."""

    async def behave(exchange: Exchange) -> None:
        wanted = exchange.asked.response_format
        kind = wanted["type"] if isinstance(wanted, dict) else "none"
        if kind in kinds:
            await writing("Here you are: ", RED, " Bye {}.")(exchange)
        else:
            await refusing(400, error(f"This response_format type {kind} is unavailable now"))(exchange)

    return behave


@pytest.mark.parametrize(
    ("kinds", "asked_for"),
    [
        (("json_object", "none"), ["json_schema", "json_object"]),
        (("none",), ["json_schema", "json_object", None]),
    ],
)
async def test_a_schema_that_a_server_does_not_take_is_told_and_the_answer_checked(
    kinds: tuple[str, ...], asked_for: list[str | None]
) -> None:
    async with talk(taking(*kinds)) as it:
        for _ in range(2):
            found = await it.ask(call(schema=COLOUR))
            assert (found.text, it.shown) == (RED, [RED])
        formats = [asked.response_format for asked in it.server.asked]
        kinds_asked = [one["type"] if isinstance(one, dict) else None for one in formats]
        assert kinds_asked == [*asked_for, asked_for[-1]]
        assert json.dumps(COLOUR) in str(it.bodies[-1]["messages"])


async def test_a_schema_that_is_taken_and_not_heeded_is_told() -> None:
    async with talk(writing("Red, ", "I think."), writing(f"```json\n{RED}\n```")) as it:
        found = await it.ask(call(schema=COLOUR))
        assert (found.text, it.shown, it.voided) == (RED, [RED], ["Red, ", "I think."])


async def test_an_answer_that_does_not_fit_its_schema_even_so_is_none() -> None:
    async with talk(writing("Red."), writing('{"colour": 5}')) as it:
        with pytest.raises(UnusableAnswer):
            await it.ask(call(schema=COLOUR))
        assert it.shown == []


async def test_json_that_was_cut_off_is_the_askers_to_judge() -> None:
    found = await answer_to(writing('{"colour": "re', finish="length"), call(schema=COLOUR))
    assert (found.text, found.finish_reason) == ('{"colour": "re', "length")


async def test_tools_and_json_are_both_told_where_a_server_takes_neither() -> None:
    async def neither(exchange: Exchange) -> None:
        refused = next((name for name in ("tools", "response_format") if name in exchange.asked.body), "")
        said = error(f"Unsupported parameter: {refused}", refused)
        await (refusing(400, said) if refused else writing(f"Sure! {WANTED}"))(exchange)

    async with talk(neither) as it:
        found = await it.ask(call(tools=[WEATHER], tool_choice="required"))
        assert [one.name for one in found.calls] == ["weather"]
