"""pydantic-ai: an agent with a tool and a typed answer, streamed text, over chats and over responses."""

import asyncio

from pydantic import BaseModel
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel


class Weather(BaseModel):
    place: str
    degrees: int


def weather(place: str) -> str:
    """The weather of a place."""
    return f"5 C in {place}"


async def main() -> None:
    for model in (OpenAIChatModel("senter"), OpenAIResponsesModel("senter")):
        plain = Agent(model, instructions="Be brief.")
        assert (await plain.run("Why is the sky blue?")).output.strip() == "Hello there, all is well."
        async with plain.run_stream("Why is the sky blue?") as stream:
            assert (await stream.get_output()).strip() == "Hello there, all is well."

        with_tool = Agent(model, tools=[weather])
        assert (await with_tool.run("Weather in Oslo?")).output.strip() == "It is 5 C in Oslo there."

        typed = Agent(model, tools=[weather], output_type=Weather)
        assert (await typed.run("Weather in Oslo?")).output == Weather(place="Oslo", degrees=5)
        native = Agent(model, output_type=NativeOutput(Weather))
        assert (await native.run("Weather in Oslo?")).output == Weather(place="Oslo", degrees=5)


asyncio.run(main())
