"""One message of each kind between one who asks and one who answers, for tests and figures of the bus itself."""

from __future__ import annotations

from pydantic import Field

from senter.messages.envelope import Envelope
from senter.messages.message import Command, ComponentName, Event, Reply, Volatile

ANSWERER = ComponentName("answerer")
ASKER = ComponentName("asker")


class Told(Reply):
    wire_name = "told"
    text: str = Field(description="What was told.")


class Tell(Command[Told], to=ANSWERER):
    wire_name = "tell"
    text: str = Field(default="", description="What to tell.")


class Noted(Event):
    wire_name = "noted"
    number: int = Field(description="Which one.")
    text: str = Field(default="", description="Padding.")


class Tick(Volatile):
    wire_name = "tick"
    number: int = Field(default=0, description="Which one.")
    of: str = Field(default="all", description="The key.")
    text: str = Field(default="", description="Padding.")

    def key(self, envelope: Envelope) -> str:
        return self.of


async def echo(command: Tell) -> Told:
    """Answers with the text."""
    return Told(text=command.text)
