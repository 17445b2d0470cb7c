"""The parts of hand-written pages that are made from the code: `bin/docs` writes them between two marks of the page."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

from senter.bus.server import BusStoreError
from senter.cli.control import UnknownComponent
from senter.component.spec import ComponentSpec
from senter.components.api.openai.chat_body import ChatBody, ChatTurn
from senter.components.api.openai.completion_body import CompletionBody
from senter.components.api.openai.responses_body import ResponsesBody
from senter.components.specs import SPECS
from senter.components.task_engine.journal.ledger import Fenced
from senter.errors import SenterError
from senter.reference.markdown import code, meaning, table
from senter.reference.openai_parameters import parameters

_OTHERS = (
    ("`supervisor`", "by `senter start`, detached", "starts, watches and restarts the others; nothing else", ""),
    ("`nats-server`", "by the supervisor, unless `bus.url` is set", "The bus and its durable streams.", ""),
    ("`zygote`", "by the supervisor (Linux)", "Imports what components share; is forked for each of them.", ""),
)


def processes() -> str:
    """Every process of the daemon, its own components among them."""
    return table(("Process", "Started", "Task", "Owns"), [*_OTHERS, *map(_process, SPECS)])


def _process(spec: ComponentSpec) -> tuple[str, str, str, str]:
    started = "forked" if spec.start == "fork" else "fresh interpreter"
    nice = f", nice {spec.nice}" if spec.nice else ""
    return code(spec.name), started + nice, spec.summary, code(f"data/{spec.database}.db" if spec.database else "")


def layers(pyproject: Path) -> str:
    """The floors of the house, top to bottom, as import-linter checks them."""
    contracts = tomllib.loads(pyproject.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    (house,) = (one for one in contracts if one["name"] == "Layers")
    return "\n".join(["```text", *house["layers"], "```"])


def error_codes() -> str:
    """The code of every failure that Senter can name, and what it means."""
    _ = BusStoreError, Fenced, UnknownComponent  # those that are not in errors.py
    own = (kind for kind in SenterError.by_code.values() if kind.__module__.startswith("senter."))
    kinds = sorted((SenterError, *own), key=lambda kind: kind.code)
    return table(("Code", "Meaning"), ((code(kind.code), meaning(kind).partition("\n")[0]) for kind in kinds))


def fragments(root: Path) -> Mapping[tuple[str, str], Callable[[], str]]:
    """What is written, by page below docs/ and by the name in its marks."""
    return {
        ("architecture.md", "processes"): processes,
        ("architecture.md", "layers"): lambda: layers(root / "pyproject.toml"),
        ("daemon.md", "processes"): processes,
        ("guides/http-api.md", "codes"): error_codes,
        ("guides/openai-clients.md", "chat parameters"): lambda: parameters(ChatBody),
        ("guides/openai-clients.md", "message keys"): lambda: parameters(ChatTurn),
        ("guides/openai-clients.md", "completion parameters"): lambda: parameters(CompletionBody),
        ("guides/openai-clients.md", "response parameters"): lambda: parameters(ResponsesBody),
    }


def filled(text: str, name: str, content: str) -> str:
    """`text` with `content` between its marks for `name`. Raises `ValueError` where it has no such marks."""
    begin, end = f"<!-- {name}: written by bin/docs -->", f"<!-- end of {name} -->"
    marked = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not marked.search(text):
        raise ValueError(f"there are no marks for {name}")
    return marked.sub(lambda _: f"{begin}\n\n{content}\n\n{end}", text)
