"""What the echo component declares."""

from __future__ import annotations

from pydantic import Field

from echo_component.messages import Echo, Echoed
from senter.component.route import Route
from senter.component.spec import CommandLine, ComponentSettings, ComponentSpec


class EchoSettings(ComponentSettings):
    """Settings of the echo component: section `echo`."""

    repeat: int = Field(default=1, ge=1, le=10)
    """How often the text is said again."""


SPEC = ComponentSpec(
    name="echo",
    summary="Says again what it is told, and counts.",
    entry="echo_component.component:EchoComponent",
    settings=EchoSettings,
    handlers={Echo: "echo", Echoed: "note"},
    sends=(Echoed,),
    database="echo",
    routes=(Route("POST", "/api/echo", Echo),),
    commands=(CommandLine("echo", "echo_component.commands:echo"),),
)
