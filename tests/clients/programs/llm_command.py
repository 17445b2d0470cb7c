"""llm, the command line: a model of the user's own, asked plainly, with a schema and with a tool."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

MODEL = """
- model_id: senter
  model_name: senter
  api_base: {url}
  api_key_name: senter
  supports_tools: true
  supports_schema: true
  can_stream: true
"""
WEATHER = '''
def weather(place: str) -> str:
    """The weather of a place."""
    return f"5 C in {place}"
'''

with tempfile.TemporaryDirectory() as folder:
    Path(folder, "extra-openai-models.yaml").write_text(MODEL.format(url=os.environ["OPENAI_BASE_URL"]))
    environment = {**os.environ, "LLM_USER_PATH": folder}
    key = os.environ["OPENAI_API_KEY"]

    def llm(*arguments: str) -> str:
        command = [sys.executable, "-m", "llm", *arguments, "-m", "senter", "--key", key]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    assert llm("Why is the sky blue?") == "Hello there, all is well."
    assert (
        llm("Why is the sky blue?", "--no-stream", "-o", "temperature", "0", "-s", "Be brief.")
        == "Hello there, all is well."
    )
    assert llm("Weather?", "--schema", "place, degrees int").replace(" ", "") == '{"place":"Oslo","degrees":5}'
    assert llm("Weather in Oslo?", "--functions", WEATHER) == "It is 5 C in Oslo there."
