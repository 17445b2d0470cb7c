"""What a component is, as a plain program: imports as much, and says its pid to whoever connects."""

from __future__ import annotations

import importlib
import os
import socket
import sys
from pathlib import Path

MODULES = ("senter.components.api.component", "senter.components.assistant.component", "senter.component.runner")


def main(path: Path) -> None:
    for module in MODULES:
        importlib.import_module(module)
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen()
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.send(f"{os.getpid()}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
