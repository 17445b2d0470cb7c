"""The clients, and the environment each of them gets: made once, and again when what it needs has changed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAMS = ROOT / "tests" / "clients" / "programs"
ENVIRONMENTS = ROOT / ".clients"


@dataclass(frozen=True, slots=True)
class Client:
    """A program and the packages it needs."""

    name: str
    packages: Sequence[str]
    program: str

    @property
    def folder(self) -> Path:
        return ENVIRONMENTS / self.name

    @property
    def is_node(self) -> bool:
        return self.program.endswith(".mjs")

    @property
    def command(self) -> list[str]:
        if self.is_node:
            return ["node", self.program]
        return [str(self.folder / "bin" / "python"), "-P", str(PROGRAMS / self.program)]

    def make_environment(self) -> None:
        made = self.folder / "made-of.txt"
        wanted = "\n".join(self.packages)
        if not made.exists() or made.read_text(encoding="utf-8") != wanted:
            sys.stdout.write(f"{self.name}: installing {', '.join(self.packages)} ...\n")
            sys.stdout.flush()
            self.folder.mkdir(parents=True, exist_ok=True)
            self._install()
            made.write_text(wanted, encoding="utf-8")
        if self.is_node:  # it looks for packages beside the program
            (self.folder / self.program).write_bytes((PROGRAMS / self.program).read_bytes())

    def _install(self) -> None:
        if self.is_node:
            subprocess.run(
                ["npm", "install", "--silent", "--no-fund", "--prefix", ".", *self.packages],
                cwd=self.folder,
                check=True,
            )
            return
        subprocess.run([sys.executable, "-m", "venv", str(self.folder)], check=True)
        pip = [str(self.folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *self.packages], check=True)


CLIENTS = {
    client.name: client
    for client in (
        Client("openai-python", ("openai==3.57.0",), "openai_python.py"),
        Client("openai-node", ("openai@6.49.0", "zod@4.6.7"), "openai_node.mjs"),
        Client("langchain", ("langchain-openai==1.7.4",), "langchain_chat.py"),
        Client("pydantic-ai", ("pydantic-ai-slim[openai]==2.68.0",), "pydantic_ai_agent.py"),
        Client("llm", ("llm==0.36",), "llm_command.py"),
    )
}
