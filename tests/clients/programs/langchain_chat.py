"""LangChain: plain, streamed, a tool with its result, a parsed answer."""

from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel


class Weather(BaseModel):
    """The weather of a place."""

    place: str
    degrees: int


@tool
def weather(place: str) -> str:
    """The weather of a place."""
    return f"5 C in {place}"


def sum_of(pieces):
    whole = None
    for piece in pieces:
        whole = piece if whole is None else whole + piece
    return whole


model = ChatOpenAI(model="senter", temperature=0, max_tokens=200, stop=["ZZZ"], stream_usage=True, max_retries=0)
asked = [SystemMessage("Be brief."), HumanMessage("Weather in Oslo?")]

assert model.invoke("Why is the sky blue?").content.strip() == "Hello there, all is well."
chunks = list(model.stream("Why is the sky blue?"))
assert "".join(chunk.content for chunk in chunks).strip() == "Hello there, all is well."
assert any(chunk.usage_metadata and chunk.usage_metadata["total_tokens"] == 13 for chunk in chunks)

with_tool = model.bind_tools([weather])
for ask in (with_tool.invoke, lambda given: sum_of(with_tool.stream(given))):
    wanted = ask(asked)
    (call,) = wanted.tool_calls
    result = ToolMessage(weather.invoke(call["args"]), tool_call_id=call["id"])
    assert ask([*asked, wanted, result]).content.strip() == "It is 5 C in Oslo there."


for method in ("json_schema", "function_calling"):
    found = model.with_structured_output(Weather, method=method).invoke("Weather?")
    assert found == Weather(place="Oslo", degrees=5), found

responses = ChatOpenAI(model="senter", use_responses_api=True, max_retries=0)
assert responses.invoke("Why is the sky blue?").text.strip() == "Hello there, all is well."
assert responses.bind_tools([weather]).invoke(asked).tool_calls[0]["args"] == {"place": "Oslo"}
