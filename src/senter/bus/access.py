"""How one component reaches the bus."""

from __future__ import annotations

import importlib.util
import ssl
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from senter.bus.settings import BusSettings
from senter.errors import SettingsError
from senter.messages.message import ComponentName
from senter.settings.secret import SecretAddress


class BusAccess(BaseModel):
    """Where the bus is and who comes: for the process that goes there, never to be shown."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    url: str = Field(repr=False)
    """One server, or several parted by commas; on a cluster with a user and password in it, where they were so set."""
    name: ComponentName
    """The component's name: its inbox, its consumer and its label on the server."""
    user: str = ""
    """Empty where the cluster asks for none."""
    password: str = Field(default="", repr=False)
    """Belongs to the user."""
    credentials_file: str = ""
    """A NATS credentials file, instead of user and password."""
    tls_ca: str = ""
    """A certificate authority file, where the system's own do not know the cluster."""

    @staticmethod
    def to_cluster(settings: BusSettings, name: ComponentName) -> BusAccess:
        """The way to an existing cluster, the same for every component."""
        return BusAccess(
            url=settings.url.get_secret_value(),
            name=name,
            user=settings.user,
            password=settings.password.get_secret_value(),
            credentials_file=settings.credentials_file,
            tls_ca=settings.tls_ca,
        )

    @property
    def place(self) -> str:
        """Where the bus is, for people."""
        return str(SecretAddress(self.url))

    @property
    def servers(self) -> list[str]:
        return [server.strip() for server in self.url.split(",") if server.strip()]

    def credentials(self) -> Path | None:
        """The credentials file, if one is set. Raises `SettingsError` when it cannot be used."""
        if not self.credentials_file:
            return None
        if not Path(self.credentials_file).is_file():
            raise SettingsError(f"bus.credentials_file: {self.credentials_file} is not a file.")
        if importlib.util.find_spec("nkeys") is None:
            raise SettingsError(
                "bus.credentials_file needs the Python package nkeys.", "Install nkeys, or use bus.user and password."
            )
        return Path(self.credentials_file)

    def tls(self) -> ssl.SSLContext | None:
        """What to trust, where that was set. Raises `SettingsError` when the file cannot be used."""
        if not self.tls_ca:
            return None
        try:
            return ssl.create_default_context(cafile=self.tls_ca)
        except OSError as error:
            raise SettingsError(f"bus.tls_ca: {self.tls_ca} cannot be used: {error}.") from error
