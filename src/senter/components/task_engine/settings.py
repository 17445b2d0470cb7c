"""Settings of the task engine: section `task_engine`."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from senter.component.spec import ComponentSettings
from senter.settings.places import PlaceIfAny
from senter.settings.secret import SecretAddress, SecretArgument, command_line
from senter.settings.shared import TakenFrom


class McpServer(BaseModel):
    """One MCP server whose tools goals may be granted: section `task_engine.mcp_servers.NAME`."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True)

    command: Annotated[tuple[SecretArgument, ...], AfterValidator(command_line)] = ()
    """The program that speaks MCP on standard input and output; or set url. Give it keys in environment: everybody on
    this machine can see command lines."""
    url: SecretAddress = SecretAddress("")
    """An MCP server over HTTP."""
    environment: dict[str, SecretStr] = Field(default_factory=dict[str, SecretStr])
    """Variables for the program, such as keys; it gets no others of yours but PATH, HOME and the like."""
    headers: dict[str, SecretStr] = Field(default_factory=dict[str, SecretStr])
    """Headers for a server over HTTP, such as Authorization."""
    timeout_seconds: float = Field(default=60.0, gt=0, le=3_600)
    """How long one call of its tools may take, in seconds."""
    start_seconds: float = Field(default=300.0, gt=0, le=3_600)
    """How long the server may take to start, in seconds: a program such as uvx may have to fetch it first."""
    effect: Literal["pure", "idempotent", "once_only"] = "once_only"
    """What doing a call of its tools again would mean, where a tool does not say."""
    in_default_grant: bool = False
    """Whether goals may call its tools without asking."""


CalendarName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class ConnectedCalendar(BaseModel):
    """One more calendar, beside the main one: section `task_engine.calendars.NAME`. It has one of file, address and
    caldav."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True)

    file: PlaceIfAny = None
    """An .ics file, or a folder with an .ics file for each event, as vdirsyncer keeps them."""
    address: SecretAddress = SecretAddress("")
    """An address to subscribe to (https, http or webcal). It is read only."""
    caldav: SecretAddress = SecretAddress("")
    """A CalDAV server, your place there, or one calendar on it."""
    user: str = ""
    """The user on the CalDAV server."""
    password: SecretStr = SecretStr("")
    """The user's password there; many services want one made for apps."""
    refresh_minutes: int = Field(default=60, ge=5, le=10_080)
    """How often a subscribed address is read anew, in minutes."""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(map(bool, (self.file, self.address, self.caldav))) != 1:
            raise ValueError("say one of file, address and caldav")
        return self


class TaskEngineSettings(ComponentSettings):
    """How goals are carried out."""

    max_concurrent_tasks: int = Field(default=3, ge=1, le=32)
    """Tasks carried out at the same time."""
    attempts: int = Field(default=3, ge=1, le=20)
    """How often a task is tried before it fails."""
    quarantine_after: int = Field(default=3, ge=1, le=20)
    """A task that failed the same way so often, its process included, is quarantined until a person looks."""
    first_wait_seconds: float = Field(default=1.0, ge=0, le=600)
    """The wait before the second attempt, in seconds; it doubles from there, with jitter."""
    lease_seconds: float = Field(default=30.0, ge=1, le=3_600)
    """How long a claim on a task holds without being renewed, in seconds."""
    model_calls: int = Field(default=200, ge=0)
    """Model calls a goal may make."""
    tool_calls: int = Field(default=500, ge=0)
    """Tool calls a goal may make."""
    tokens: int = Field(default=500_000, ge=0)
    """Tokens a goal may use."""
    wall_seconds: float = Field(default=3_600.0, gt=0)
    """Time a goal's tasks may run and its grant holds, in seconds."""
    approval_hours: float = Field(default=72.0, gt=0)
    """How long an approval waits for a person before it is denied, in hours."""
    keep_days: int = Field(default=365, ge=1)
    """How long ended goals are kept, in days."""
    timezone: Annotated[str, TakenFrom("user.timezone")] = ""
    """The zone in which words such as "friday" are read."""
    user_language: Annotated[str, TakenFrom("user.language")] = ""
    """What changes by commands are told in; empty takes that of the request."""
    searxng_url: SecretAddress = SecretAddress("")
    """A SearXNG server to search the web with; empty leaves it off."""
    ddgs: bool = False
    """Whether to search the web through DuckDuckGo."""
    search_results: int = Field(default=5, ge=1, le=50)
    """How many results a search asks for."""
    fetch_hosts: tuple[str, ...] = ()
    """Hosts every goal may read pages from; *.example.org takes subdomains, * every public host."""
    caldav_url: SecretAddress = SecretAddress("")
    """Your main calendar on a CalDAV server: the server's address, your place there, or one calendar; empty uses
    calendar_file."""
    caldav_user: str = ""
    """The user there."""
    caldav_password: SecretStr = SecretStr("")
    """The user's password there."""
    calendar_file: PlaceIfAny = None
    """Your main calendar as an .ics file, or a folder of them; empty takes calendar.ics in the data folder."""
    calendars: dict[CalendarName, ConnectedCalendar] = Field(default_factory=dict[str, ConnectedCalendar])
    """Further calendars by name; see senter calendar connect."""
    calendar_for_new: str = ""
    """The calendar that new events go into, by name, such as work or work/Family; empty takes the main one where it is
    set, else the first that can be written."""
    sandbox: Literal["required", "off"] = "required"
    """Whether programs run only in a bubblewrap sandbox; off is your own risk."""
    programs_as_root: bool = False
    """Whether programs run although Senter runs as root."""
    repeatable_commands: tuple[tuple[str, ...], ...] = ()
    """Beginnings of command lines that may be run again without harm, such as [["git", "status"]]."""
    foreign_tools: tuple[str, ...] = ()
    """Tools of other packages that goals may call without asking."""
    mcp_servers: dict[str, McpServer] = Field(default_factory=dict[str, McpServer])
    """MCP servers by name."""
    keep_awake: bool = False
    """Whether to keep the machine awake while goals run."""
