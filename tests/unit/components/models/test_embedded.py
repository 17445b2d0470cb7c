"""The embedded model itself: loaded, asked, cancelled and closed."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx2
import psutil
import pytest
import structlog

from senter.components.models import gguf
from senter.components.models.embedded import EmbeddedModel
from senter.components.models.gguf import installed_model
from senter.components.models.settings import ModelSettings
from senter.components.models.speed import Chosen, ModelSpeed, SpeedRecords
from senter.components.models.wire import ChatRequest
from senter.errors import ModelUnavailable, PromptTooLong
from senter.messages.model import ChatMessage
from senter.weights.cache import WeightsCache, sum_of
from senter.weights.catalogue import BRAIN, find_weights
from tests.support.gguf import gguf_file
from tests.waiting import until

MIB = 1024 * 1024
SHORT_PROMPT = "Help."
"""Each load reads it into each slot: of the usual one that takes longer than the rest of a load."""

pytestmark = pytest.mark.model


def model_settings(file: str = "") -> ModelSettings:
    return ModelSettings(
        embedded_model=file,
        prompt_tokens=200,
        max_tokens=50,
        context_tokens=256,
        slots=2,
        system_prompt=SHORT_PROMPT,
    )


def model_of(settings: ModelSettings, folder: Path) -> EmbeddedModel:
    records = SpeedRecords(folder / "speed.json")
    return EmbeddedModel(settings, folder / "model.sock", records, structlog.stdlib.get_logger("test"))


@asynccontextmanager
async def embedded(tmp_path: Path, file: str = "") -> AsyncGenerator[EmbeddedModel]:
    model = model_of(model_settings(file), tmp_path)
    try:
        yield model
    finally:
        await model.close()


def call(text: str, max_tokens: int = 8) -> ChatRequest:
    return ChatRequest(messages=(ChatMessage(role="user", content=text),), max_tokens=max_tokens, temperature=0)


async def test_it_loads_answers_and_leaves_nothing_behind(tmp_path: Path) -> None:
    pieces: list[str] = []

    async def on_text(text: str) -> None:
        pieces.append(text)

    (tmp_path / "model.sock").write_text("left by a killed predecessor")
    async with embedded(tmp_path) as model:
        assert not model.loaded
        endpoint = await model.endpoint()
        assert model.loaded
        completion = await endpoint.complete(model.name, call("Say hello."), on_text)
        assert completion.text == "".join(pieces) != ""
        assert 0 < completion.completion_tokens <= 8
        assert completion.prompt_tokens > 3
        assert stat.S_IMODE((tmp_path / "model.sock").stat().st_mode) == 0o600
    assert not (tmp_path / "model.sock").exists()


async def test_it_answers_several_at_once_refuses_strangers_and_stops_when_the_asker_leaves(tmp_path: Path) -> None:
    async with embedded(tmp_path) as model:
        endpoint = await model.endpoint()
        both = [asyncio.create_task(endpoint.complete(model.name, call(text), _ignore)) for text in ("One.", "Two.")]
        assert all(completion.text for completion in await asyncio.gather(*both))

        transport = httpx2.AsyncHTTPTransport(uds=str(tmp_path / "model.sock"), verify=False)
        async with httpx2.AsyncClient(transport=transport) as stranger:
            answer = await stranger.post("http://localhost/v1/chat/completions", json={"messages": []})
        assert answer.status_code == 401

        with pytest.raises(PromptTooLong):
            await endpoint.complete(model.name, call("word " * 500), _ignore)

        begun = asyncio.Event()

        async def on_text(text: str) -> None:
            begun.set()

        long_ones = [
            asyncio.create_task(endpoint.complete(model.name, call("Write a very long story.", 200), on_text))
            for _ in range(2)
        ]
        await begun.wait()
        for task in long_ones:
            task.cancel()
        await asyncio.wait(long_ones)
        # Both slots are free again at once: a third request does not wait for the stories to end.
        completion = await asyncio.wait_for(endpoint.complete(model.name, call("Hi.", 1), _ignore), 5)
        assert completion.completion_tokens == 1


async def test_a_file_that_goes_bad_while_it_is_loaded_goes_on_answering_and_another_takes_over_at_the_next_load(
    tmp_path: Path,
) -> None:
    whole = installed_model()
    assert whole is not None
    file, half = tmp_path / "mine.gguf", tmp_path / "half"
    file.write_bytes(whole.read_bytes())
    half.write_bytes(whole.read_bytes()[:3_000_000])
    async with embedded(tmp_path, str(file)) as model:
        await model.endpoint()
        half.replace(file)
        assert (await (await model.endpoint()).complete(model.name, call("Say hello."), _ignore)).text
        assert (model.name, model.lesser) == ("mine", "")
    async with embedded(tmp_path, str(file)) as model:
        assert (await (await model.endpoint()).complete(model.name, call("Say hello."), _ignore)).text
        assert model.name.startswith("SmolLM2")
        assert f"{file} cannot be loaded: it is cut off: 3.0 of 98.4 MB are there" in model.lesser


async def test_a_file_that_cannot_be_loaded_is_said_and_another_load_may_succeed(
    tmp_path: Path,
) -> None:
    whole = installed_model()
    assert whole is not None
    file = gguf_file(tmp_path / "odd.gguf")  # a whole file, with no model that anything could run
    async with embedded(tmp_path, str(file)) as model:
        with pytest.raises(ModelUnavailable):
            await model.endpoint()
        assert "damaged" in model.failure
        file.unlink()
        file.symlink_to(whole)
        await model.endpoint()
        assert model.loaded
        assert model.failure == ""


async def test_closing_while_it_loads_is_clean(tmp_path: Path) -> None:
    for _ in range(3):
        async with embedded(tmp_path) as model:
            model.begin_loading()
            await until(lambda: (tmp_path / "model.sock").exists())
        assert not model.loaded
        assert not (tmp_path / "model.sock").exists()


async def test_a_context_larger_than_the_memory_is_refused_with_what_it_would_take(tmp_path: Path) -> None:
    settings = ModelSettings(context_tokens=1_000_000, slots=64, prompt_tokens=200, max_tokens=50)
    with pytest.raises(ModelUnavailable, match=r"64 × 1,000,000 tokens takes .* GB") as caught:
        await model_of(settings, tmp_path).endpoint()
    assert "context_tokens" in caught.value.hint


async def test_a_file_whose_template_cannot_be_read_is_refused(tmp_path: Path) -> None:
    content = bytearray(Path(str(installed_model())).read_bytes())
    at = content.index(b"tokenizer.chat_template") + len(b"tokenizer.chat_template") + 12
    content[at : at + 6] = b"{% for"
    file = tmp_path / "hostile.gguf"
    file.write_bytes(content.replace(b"{% endfor %}", b"            ", 1))
    async with embedded(tmp_path, str(file)) as model:
        with pytest.raises(ModelUnavailable, match=r"hostile\.gguf cannot be loaded"):
            await model.endpoint()


async def test_closing_before_it_loads_is_clean(tmp_path: Path) -> None:
    async with embedded(tmp_path) as model:
        model.begin_loading()
    assert not model.loaded


async def test_closing_while_it_writes_ends_the_answer(tmp_path: Path) -> None:
    async with embedded(tmp_path) as model:
        endpoint = await model.endpoint()
        begun = asyncio.Event()

        async def on_text(text: str) -> None:
            begun.set()

        asking = asyncio.create_task(endpoint.complete(model.name, call("Write a very long story.", 200), on_text))
        await begun.wait()
    with pytest.raises(ModelUnavailable):
        await asking


async def test_it_comes_to_an_end_instead_of_saying_the_same_over_and_over(tmp_path: Path) -> None:
    model = model_of(ModelSettings(prompt_tokens=200, max_tokens=200, context_tokens=512, slots=1), tmp_path)
    endpoint = await model.endpoint()
    completion = await endpoint.complete(model.name, call("Tell me a long story about the sea.", 200), _ignore)
    await model.close()
    words = completion.text.split()
    phrases = [tuple(words[place : place + 5]) for place in range(len(words) - 4)]
    assert len(phrases) > 20
    assert len(set(phrases)) > 0.8 * len(phrases)


async def test_unloaded_it_gives_its_memory_back_and_is_loaded_by_the_next_question(tmp_path: Path) -> None:
    process = psutil.Process()
    async with embedded(tmp_path) as model:
        before = process.memory_info().rss
        await model.endpoint()
        assert process.memory_info().rss - before > 90 * MIB
        assert await model.unload()
        assert not model.loaded
        assert process.memory_info().rss - before < 60 * MIB
        completion = await (await model.endpoint()).complete(model.name, call("Say hello."), _ignore)
        assert completion.text


async def test_it_is_loaded_as_it_was_measured_to_be_best(tmp_path: Path) -> None:
    async with embedded(tmp_path) as model:
        assert not model.measured
        await model.endpoint()
        assert not model.outdated
        assert model.file
        speed = ModelSpeed(read=50, write=9, reading_threads=1, writing_threads=1)
        SpeedRecords(tmp_path / "speed.json").keep(Chosen(model.file, 0, model.spares_memory), speed)
        assert (model.speed, model.measured, model.outdated) == (speed, True, True)
        await model.unload()
        await model.endpoint()
        assert not model.outdated


async def test_a_prompt_that_takes_long_to_read_loses_its_oldest_messages_and_says_so(tmp_path: Path) -> None:
    async with embedded(tmp_path) as model:
        assert model.file
        slow = ModelSpeed(read=4, write=2, reading_threads=1, writing_threads=1)
        SpeedRecords(tmp_path / "speed.json").keep(Chosen(model.file, 0, model.spares_memory), slow)
        old = (ChatMessage(role="user", content="word " * 80), ChatMessage(role="assistant", content="Well."))
        long = ChatRequest(messages=(*old, *call("Say hello.").messages), max_tokens=4, temperature=0)
        endpoint = await model.endpoint()
        completion = await endpoint.complete(model.name, long, _ignore)
        assert completion.prompt_tokens < 80
        assert "2 oldest messages" in completion.shortened
        assert not (await endpoint.complete(model.name, call("Say hello."), _ignore)).shortened


async def test_an_answer_whose_length_is_free_stops_where_a_sentence_ends(tmp_path: Path) -> None:
    async with embedded(tmp_path) as model:
        free = replace(call("Tell me about the sea.", 40), may_end_early=True)
        completion = await (await model.endpoint()).complete(model.name, free, _ignore)
        assert completion.text[-1] in ".!?" or completion.finish_reason == "length"
        assert completion.completion_tokens >= 8


async def _ignore(text: str) -> None:
    """Only the whole answer matters here."""


@pytest.fixture
def floor_as_brain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WeightsCache:
    """A catalogue whose default model is the file that comes with Senter, and an empty cache."""
    installed = installed_model()
    assert installed is not None
    sha256, size = sum_of(installed), installed.stat().st_size
    brain = replace(find_weights(BRAIN), sha256=sha256, size_bytes=size)
    monkeypatch.setattr(gguf, "find_weights", {BRAIN: brain}.__getitem__)
    monkeypatch.setattr(gguf, "catalogue", lambda: {BRAIN: brain})
    cache = WeightsCache(tmp_path / "cache")
    cache.folder.mkdir()
    return cache


def bring(cache: WeightsCache, content: bytes) -> None:
    brain = gguf.find_weights(BRAIN)
    cache.partial(brain).write_bytes(content)
    cache.keep(brain)


def settings_for(cache: WeightsCache) -> ModelSettings:
    return model_settings().model_copy(update={"folder": str(cache.folder), "slots": 1})


async def test_it_goes_over_to_the_default_model_once_its_file_has_come(
    tmp_path: Path, floor_as_brain: WeightsCache
) -> None:
    model = model_of(settings_for(floor_as_brain), tmp_path)
    try:
        await model.endpoint()
        assert model.name.startswith("SmolLM2")
        await model.take_up_file()
        assert model.loaded
        installed = installed_model()
        assert installed is not None
        bring(floor_as_brain, installed.read_bytes())
        await model.take_up_file()
        assert (model.loaded, model.name) == (True, BRAIN)
        completion = await (await model.endpoint()).complete(model.name, call("Say hello."), _ignore)
        assert completion.text
    finally:
        await model.close()


def test_a_damaged_default_model_gives_way_to_the_one_that_is_installed(floor_as_brain: WeightsCache) -> None:
    installed = installed_model()
    assert installed is not None
    bring(floor_as_brain, installed.read_bytes())
    settings = settings_for(floor_as_brain)
    path = gguf.chosen_model(settings)
    assert path.parent == floor_as_brain.folder
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.write(b"XXXX")
    assert gguf.chosen_model(settings) == installed
    assert "is damaged" in gguf.why_lesser(settings, installed)


async def test_a_model_removed_while_it_is_loaded_goes_on_answering_and_another_takes_over_at_the_next_load(
    tmp_path: Path, floor_as_brain: WeightsCache
) -> None:
    installed = installed_model()
    assert installed is not None
    bring(floor_as_brain, installed.read_bytes())
    settings = settings_for(floor_as_brain).model_copy(update={"embedded_model": BRAIN})
    model = model_of(settings, tmp_path)
    await model.endpoint()
    floor_as_brain.remove(gguf.find_weights(BRAIN))
    await model.take_up_file()
    assert (await (await model.endpoint()).complete(model.name, call("Say hello."), _ignore)).text
    assert (model.name, model.lesser) == (BRAIN, "")
    await model.close()

    again = model_of(settings, tmp_path)
    await again.endpoint()
    assert again.name.startswith("SmolLM2")
    assert again.lesser == f"{BRAIN} is not here. Fetch it again with: senter models get {BRAIN}"
    bring(floor_as_brain, installed.read_bytes())
    await again.take_up_file()
    assert (again.name, again.lesser) == (BRAIN, "")
    await again.close()
