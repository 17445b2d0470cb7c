"""OpenAI's own client for Python: plain, streamed, tools, parsed answers, responses, failures."""

import json

import openai
from openai import OpenAI
from pydantic import BaseModel

client = OpenAI(max_retries=0)
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a place.",
        "parameters": {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]},
    },
}
QUESTION = [{"role": "user", "content": "Why is the sky blue?"}]
ASK = [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "Weather in Oslo?"}]


class Weather(BaseModel):
    place: str
    degrees: int
    kind: str


def plain() -> None:
    assert [model.id for model in client.models.list()] == ["senter", "model_primary", "model_research"]
    for model in ("senter", "model_primary"):
        chat = client.chat.completions.create(model=model, messages=QUESTION, temperature=0, seed=1, stop=["ZZZ"])
        assert chat.choices[0].message.content.strip() == "Hello there, all is well.", chat
        assert chat.usage.total_tokens == 13
    text = client.completions.create(model="senter", prompt="Why is the sky blue?")
    assert text.choices[0].text.strip() == "Hello there, all is well."


def streamed() -> None:
    parts = client.chat.completions.create(
        model="senter", messages=QUESTION, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(parts)
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices).strip() == "Hello there, all is well."
    assert chunks[-1].usage.total_tokens == 13
    with client.chat.completions.stream(model="senter", messages=ASK, tools=[strict(WEATHER)]) as stream:
        events = [event.type for event in stream]
        call = stream.get_final_completion().choices[0].message.tool_calls[0]
    assert "tool_calls.function.arguments.done" in events, events
    assert json.loads(call.function.arguments) == {"place": "Oslo"}
    texts = client.completions.create(model="senter", prompt="Why is the sky blue?", stream=True)
    assert "".join(c.choices[0].text for c in texts).strip() == "Hello there, all is well."


def strict(tool: dict) -> dict:
    function = tool["function"]
    schema = {**function["parameters"], "additionalProperties": False}
    return {**tool, "function": {**function, "parameters": schema, "strict": True}}


def tools() -> None:
    for model in ("senter", "model_research"):
        messages = list(ASK)
        message = client.chat.completions.create(model=model, messages=messages, tools=[WEATHER]).choices[0].message
        (call,) = message.tool_calls
        messages += [message, {"role": "tool", "tool_call_id": call.id, "content": "5 C"}]
        final = client.chat.completions.create(model=model, messages=messages, tools=[WEATHER])
        assert final.choices[0].message.content.strip() == "It is 5 C there.", final


def parsed() -> None:
    chat = client.chat.completions.parse(model="senter", messages=ASK, response_format=Weather)
    assert chat.choices[0].message.parsed == Weather(place="Oslo", degrees=5, kind="Oslo")
    with client.chat.completions.stream(model="senter", messages=ASK, response_format=Weather) as stream:
        assert stream.get_final_completion().choices[0].message.parsed.degrees == 5


def responses() -> None:
    answer = client.responses.create(model="senter", input="Why is the sky blue?", instructions="Be brief.")
    assert answer.output_text.strip() == "Hello there, all is well."
    assert answer.usage.output_tokens == 4
    tool = {"type": "function", **strict(WEATHER)["function"]}
    items = [{"role": "user", "content": "Weather in Oslo?"}]
    asked = client.responses.create(model="senter", input=items, tools=[tool])
    (call,) = asked.output
    items += [call, {"type": "function_call_output", "call_id": call.call_id, "output": "5 C"}]
    assert client.responses.create(model="senter", input=items, tools=[tool]).output_text.strip() == "It is 5 C there."
    parsed_answer = client.responses.parse(model="senter", input="Weather?", text_format=Weather)
    assert parsed_answer.output_parsed.place == "Oslo"
    with client.responses.stream(model="senter", input="Why is the sky blue?") as stream:
        kinds = [event.type for event in stream]
        assert stream.get_final_response().output_text.strip() == "Hello there, all is well."
    assert kinds[:4] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
    ]
    assert kinds[-1] == "response.completed"
    with client.responses.stream(model="senter", input="Weather?", tools=[tool]) as stream:
        assert "response.function_call_arguments.done" in [event.type for event in stream]
        assert json.loads(stream.get_final_response().output[0].arguments) == {"place": "Oslo"}


def refused() -> None:
    def failure(**more: object) -> openai.APIStatusError:
        try:
            client.chat.completions.create(**{"model": "senter", "messages": QUESTION, **more})
        except openai.APIStatusError as error:
            return error
        raise AssertionError(f"not refused: {more}")

    assert (failure(n=2).status_code, failure(n=2).param) == (400, "n")
    assert failure(logit_bias={"1": 2}).code == "unsupported_parameter"
    assert isinstance(failure(model="gpt-9"), openai.NotFoundError)
    too_long = failure(messages=[{"role": "user", "content": "TOO LONG"}])
    assert (too_long.status_code, too_long.code) == (400, "context_length_exceeded"), too_long
    try:
        client.embeddings.create(model="senter", input="x")
    except openai.NotFoundError as error:
        assert "embeddings" in error.message
    try:
        list(
            client.chat.completions.create(model="senter", messages=[{"role": "user", "content": "BREAK"}], stream=True)
        )
    except openai.APIError as error:
        assert error.code == "model_unavailable", error
    else:
        raise AssertionError("a broken stream was read to its end")


for step in (plain, streamed, tools, parsed, responses, refused):
    step()
