"""What the supervisor tells everyone, and what it answers about the daemon."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, JsonValue

from senter.messages.fields import Arguments, ShortText
from senter.messages.health import Health
from senter.messages.message import Broadcast, Command, ComponentName, Done, Frozen, Reply
from senter.messages.schedule import JobType

SUPERVISOR = ComponentName("supervisor")


class State(StrEnum):
    """The states of the daemon and of each component."""

    STARTING = "starting"
    RUNNING = "running"
    BACKING_OFF = "backing_off"
    STOPPING = "stopping"
    STOPPED = "stopped"
    STOPPED_BY_SETTINGS_ERROR = "stopped_by_settings_error"
    STOPPED_BY_REPEATED_FAILURE = "stopped_by_repeated_failure"
    DISABLED = "disabled"


class Shutdown(Broadcast[Done]):
    """Finish what is in flight, commit, and end."""

    grace_seconds: float = Field(description="How long the receiver may take, in seconds.")


class SettingsChanged(Broadcast[Done]):
    """The settings file was read again; components that changed are restarted by the supervisor."""


class TakeUpSettings(Command[Done], to=SUPERVISOR):
    """Go over to the settings file as it is now, without waiting for the next look at it. What is wrong with it is
    answered as an error, and then nothing has changed."""


class SettingView(Frozen):
    """One setting, as it may be shown."""

    key: ShortText = Field(description="Its key, as `senter config set` takes it.")
    value: JsonValue = Field(description="What is in effect; secrets are masked.")
    is_set: bool = Field(description="Whether somebody set it; else it is the default.")
    meaning: str = Field(description="What it is for.")


class SettingsReply(Reply):
    """Settings that were asked for."""

    settings: tuple[SettingView, ...] = Field(description="In the order in which they were asked for.")


class GetSettings(Command[SettingsReply], to=SUPERVISOR):
    """Ask what settings are in effect, and what they are for."""

    keys: tuple[ShortText, ...] = Field(min_length=1, max_length=20, description="Their keys.")


class SettingChanged(Reply):
    """A setting that was changed in the file. The daemon goes by it within seconds."""

    before: SettingView = Field(description="As it was.")
    after: SettingView = Field(description="As it is.")


class ChangeSetting(Command[SettingChanged], to=SUPERVISOR):
    """Change one setting of who the user is or of the digest, as `senter config set` does."""

    key: ShortText = Field(description="Its key: `user.` or `reporter.digest_` something.")
    value: ShortText | None = Field(default=None, description="As it is typed; null takes it out of the file.")
    back: bool = Field(default=False, description="Set it to what the file said before its last change instead.")


class CheckJob(Command[Done], to=SUPERVISOR):
    """Ask whether a component does a job like this, by what its SPEC says. What is wrong with it is answered as an
    error."""

    component: ShortText = Field(description="Who is to do it.")
    job_type: JobType = Field(description="What kind of work it is.")
    payload: Arguments = Field(description="What it is about.")


class ComponentStatus(Frozen):
    """One row of `senter status`."""

    state: State = Field(description="What it is doing.")
    pid: int | None = Field(default=None, description="Its process, while there is one.")
    uptime_seconds: float = Field(default=0.0, description="How long this process has run, in seconds.")
    restarts: int = Field(default=0, description="Restarts after a failure since the daemon's start.")
    memory_mb: float = Field(
        default=0.0, description="Proportional set size where the system tells it, else resident, in MiB."
    )
    cpu_percent: float = Field(default=0.0, description="Of one core, since the sample before.")
    threads: int = Field(default=0, description="Threads of the process.")
    open_files: int = Field(default=0, description="Open file descriptors.")
    dropped: int = Field(default=0, description="Volatile messages this process dropped.")
    health: Health = Field(default_factory=Health, description="What it says of itself.")
    reason: str = Field(default="", description="Why it is in this state, when that needs saying.")
    takes_jobs: bool = Field(default=False, description="Whether it does the work of scheduled jobs.")


class DaemonStatus(Reply):
    """The whole daemon, as `senter status --json` prints it."""

    state: State = Field(description="What the daemon is doing.")
    pid: int = Field(description="The supervisor's process.")
    uptime_seconds: float = Field(description="Since the daemon began to start, in seconds.")
    health_score: int = Field(description="0-100: the share of enabled components that run and are healthy.")
    components: dict[ComponentName, ComponentStatus] = Field(description="By name, nats-server and zygote included.")
    code: str = Field(default="", description="A fingerprint of the program's files as they were at the start.")
    settings_problem: str = Field(
        default="", description="Why the settings file, as it is now, is not in use; empty while it is."
    )


class GetDaemonStatus(Command[DaemonStatus], to=SUPERVISOR):
    """Show the daemon and its components."""
