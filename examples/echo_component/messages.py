"""What the echo component is asked, and what it tells."""

from __future__ import annotations

from pydantic import Field

from senter.messages.message import Command, ComponentName, Event, Reply


class EchoReply(Reply):
    text: str = Field(description="What was said, again.")
    count: int = Field(description="How many echoes there have been, ever.")


class Echo(Command[EchoReply], to=ComponentName("echo")):
    """Say a text again."""

    text: str = Field(description="What to say again.")


class Echoed(Event):
    """Something was echoed. Announced together with the count it changed."""

    text: str = Field(description="What was said.")
    count: int = Field(description="The count after it.")
