"""The `bus` section of the settings file."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from senter.settings.secret import SecretAddress

MIB = 1024 * 1024


class BusSettings(BaseModel):
    """Where the bus is, and how much its streams may keep."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True)

    url: SecretAddress = SecretAddress("")
    """An existing NATS cluster to join, as `nats://host:4222` or `tls://host:4222`, several parted by commas. Empty:
    the daemon runs a nats-server of its own on this machine."""
    user: str = ""
    """The user on that cluster; empty where credentials or nothing at all is asked for."""
    password: SecretStr = SecretStr("")
    """The user's password. Better set as SENTER_BUS__PASSWORD than written into the file."""
    credentials_file: str = ""
    """A NATS credentials file for that cluster, instead of user and password. Needs the Python package nkeys."""
    tls_ca: str = ""
    """A file with the certificate authority of that cluster, where the system's own do not know it."""
    replicas: int = Field(default=1, ge=1, le=5)
    """How many servers of the cluster keep each event. 3 survives the loss of one server."""
    port: int = Field(default=0, ge=0, le=65_535)
    """The port of the daemon's own nats-server on 127.0.0.1; 0 takes a free one."""
    max_age_days: int = Field(default=30, ge=1)
    """How long an event waits for a consumer that does not run, in days."""
    max_mb: int = Field(default=1_024, ge=8)
    """How much waiting events may take, in MiB. When it is reached, new events wait where they were made."""
    dead_letters_max_age_days: int = Field(default=90, ge=1)
    """How long a dead letter is kept, in days."""
    dead_letters_max_mb: int = Field(default=256, ge=8)
    """How much dead letters may take, in MiB. When it is reached, the oldest are dropped."""

    @property
    def is_own(self) -> bool:
        """Whether the daemon runs its own nats-server."""
        return not self.url

    @property
    def max_file_store_bytes(self) -> int:
        """What nats-server may use on disk: the streams' limits and some room for its own state."""
        return (self.max_mb + self.dead_letters_max_mb + 64) * MIB
