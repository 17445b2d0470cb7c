"""A copy of the launcher with a program, a lock file and a package registry of its own."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
DEADLINE_SECONDS = 60.0
PROGRAM = '"""Says where it is."""\nimport os, sys\nimport tiny\nprint(tiny.VERSION, os.getcwd(), *sys.argv[1:])\n'
WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def make_wheel(folder: Path, version: str) -> str:
    """A package of one line; returns its line for a lock file."""
    wheel = folder / f"tiny-{version}-py3-none-any.whl"
    files = {
        "tiny.py": f"VERSION = {version!r}\n",
        f"tiny-{version}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n",
        f"tiny-{version}.dist-info/WHEEL": WHEEL,
    }
    record = "".join(f"{name},sha256={digest(text)},{len(text)}\n" for name, text in files.items())
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr(f"tiny-{version}.dist-info/RECORD", f"{record}tiny-{version}.dist-info/RECORD,,\n")
    return f"tiny=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


def digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


class Checkout:
    """A copy of the launcher with a program and a package registry of its own."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "with space"
        self.wheels = folder / "wheels"
        self.wheels.mkdir(parents=True)
        shutil.copytree(ROOT / "bin", self.root / "bin")
        (self.root / "src" / "senter").mkdir(parents=True)
        (self.root / "src" / "senter" / "__init__.py").touch()
        (self.root / "src" / "senter" / "__main__.py").write_text(PROGRAM)
        self.lock(make_wheel(self.wheels, "1.0"))

    @property
    def senter(self) -> Path:
        return self.root / "bin" / "senter"

    @property
    def environment(self) -> dict[str, str]:
        """A person's: no uv, no settings of pip, and only this registry."""
        plain = {
            name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON", "SENTER_"))
        }
        return plain | {
            "PATH": f"{Path(sys.executable).resolve().parent}:/usr/bin:/bin",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
        }

    def lock(self, text: str) -> None:
        (self.root / "requirements.lock").write_text(text)
        (self.root / "requirements-dev.lock").write_text(text)

    def run(
        self, *arguments: str, program: Path | None = None, cwd: Path | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program or self.senter, *arguments],
            cwd=cwd,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            timeout=DEADLINE_SECONDS,
            check=False,
        )


def read_terminal(descriptor: int) -> Iterator[bytes]:
    with suppress(OSError):  # Linux says EIO when the other side is closed
        while block := os.read(descriptor, 4096):
            yield block
    os.close(descriptor)
