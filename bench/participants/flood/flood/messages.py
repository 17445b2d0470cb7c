"""What the flood is made of."""

from __future__ import annotations

from pydantic import Field

from senter.messages.message import Event, Volatile

FILLING = "water " * 20


class Wave(Event):
    """A durable message of the flood."""

    wire_name = "flood_wave"

    number: int = Field(description="Counted from 1.")
    text: str = Field(default=FILLING, description="What makes it as long as an ordinary event.")


class Spray(Volatile):
    """A volatile message of the flood."""

    wire_name = "flood_spray"

    number: int = Field(description="Counted from 1.")
    text: str = Field(default=FILLING, description="What makes it as long as a piece of an answer.")
