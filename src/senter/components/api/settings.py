"""What can be set about the HTTP API, section `api`."""

from __future__ import annotations

from pydantic import Field

from senter.component.spec import ComponentSettings


class ApiSettings(ComponentSettings):
    """The HTTP API on a Unix socket and on one TCP port of this machine."""

    port: int = Field(default=8765, ge=0, le=65_535)
    """TCP port; 0 picks a free one. A taken default port leaves TCP off, a taken port set here fails the start."""
    host: str = "127.0.0.1"
    """Address TCP listens on. Anything but loopback shows the API, behind its token but unencrypted, to the network."""
    allowed_hosts: tuple[str, ...] = ()
    """Names beside 127.0.0.1, localhost and [::1] that a request may give as Host or Origin."""
    allowed_users: tuple[str | int, ...] = ()
    """Users of this machine, by name or number, who may use TCP beside you; they too must show the token."""
    max_body_bytes: int = Field(default=1_048_576, ge=1_024)
    """Largest request body, in bytes; a larger one is refused with 413."""
    max_waiting_queries: int = Field(default=100, ge=1)
    """Questions answered or waiting at once, readers of turns included; one more is refused with 429."""
    query_timeout_seconds: float = Field(default=300.0, gt=0)
    """How long a question may take, in seconds; then 504."""
    command_timeout_seconds: float = Field(default=30.0, gt=0)
    """How long everything but a question may take, in seconds; then 504."""
    request_timeout_seconds: float = Field(default=20.0, gt=0)
    """How long a connection may take to send a whole request, in seconds; then it is closed."""
    keep_alive_seconds: int = Field(default=30, ge=1)
    """How long a connection may stay idle between requests, in seconds."""
    max_tcp_connections: int = Field(default=1_000, ge=10)
    """TCP connections at once; the oldest idle one makes room for the next."""
    max_unix_connections: int = Field(default=1_000, ge=10)
    """Unix socket connections at once; the oldest idle one makes room for the next."""
    max_event_clients: int = Field(default=50, ge=1)
    """Clients that may watch the stream of events at once."""
    event_queue_length: int = Field(default=1_000, ge=1)
    """Events that may wait for one slow client of a stream; more are dropped, counted and told. As many of
    /api/events are kept for clients that come back."""
    goal_refresh_seconds: float = Field(default=2.0, gt=0)
    """A goal that is followed is looked at this often, in seconds, beside each of its events."""
    stream_comment_seconds: float = Field(default=15.0, gt=0)
    """A silent stream carries a comment this often, in seconds, so that a dead client is noticed."""
