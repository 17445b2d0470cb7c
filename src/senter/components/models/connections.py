"""How an endpoint is reached: by its address, over TCP or a Unix socket."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx2

from senter.components.models.settings import is_loopback


def root_of(url: str) -> str:
    """What its paths are put behind; where the address names no path, that is /v1."""
    if url.startswith("unix://"):
        return "http://localhost/v1"
    path = urlsplit(url).path.rstrip("/")
    return url.rstrip("/") if path else f"{url.rstrip('/')}/v1"


def client_for(url: str, api_key: str, connect_seconds: float) -> httpx2.AsyncClient:
    """It sends the key and waits for a connection only; whoever asks says how long an answer may take."""
    headers = {"accept-encoding": "identity"}
    if api_key:
        headers["authorization"] = f"Bearer {api_key}"
    timeout = httpx2.Timeout(None, connect=connect_seconds)
    if url.startswith("unix://"):
        # The embedded server closes connections after a while without saying so; a new one costs 0.1 ms here.
        transport = httpx2.AsyncHTTPTransport(
            uds=url.removeprefix("unix://"), verify=False, limits=httpx2.Limits(max_keepalive_connections=0)
        )
        return httpx2.AsyncClient(transport=transport, headers=headers, timeout=timeout, trust_env=False)
    parts = urlsplit(url)
    return httpx2.AsyncClient(
        verify=parts.scheme == "https",
        trust_env=not is_loopback(parts.hostname or ""),
        headers=headers,
        timeout=timeout,
    )
