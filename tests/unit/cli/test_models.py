from __future__ import annotations

import json

from tests.support.scripted_daemon import Cli, Response, ScriptedDaemon

MODELS = {
    "models": [
        {
            "worker": "model_primary",
            "model": "tiny",
            "model_loaded": True,
            "endpoints": [
                {
                    "kind": "settings",
                    "url": "http://localhost:9/v1",
                    "model": "big",
                    "breaker": "half_open",
                    "capability": "capable",
                    "last_error": "connection refused",
                },
                {
                    "kind": "embedded",
                    "url": "",
                    "model": "tiny",
                    "breaker": "closed",
                    "capability": "basic",
                    "last_error": "",
                },
            ],
            "requests": 12,
            "errors": 1,
            "prompt_tokens": 340,
            "completion_tokens": 560,
            "latency_p50_seconds": 0.5,
            "latency_p95_seconds": None,
            "active": 0,
            "waiting": 0,
        }
    ],
    "missing": {"model_research": "it is stopped"},
}


def test_workers_endpoints_and_figures_are_shown(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes["GET", "/api/models"] = Response(MODELS)
    shown = cli.run("models")
    assert shown.returncode == 0
    worker = next(line for line in shown.stdout.splitlines() if line.startswith("model_primary"))
    assert worker.split() == ["model_primary", "tiny", "yes", "12", "1", "340/560", "0.50", "s", "-", "0", "0"]
    assert "half open" in shown.stdout
    assert "connection refused" in shown.stdout
    assert shown.stderr == "model_research did not answer: it is stopped\n"
    assert json.loads(cli.run("models", "--json").stdout) == MODELS
