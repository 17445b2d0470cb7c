from __future__ import annotations

import asyncio

from senter.components.api.channel import EventQueue, StreamEvent


async def read_all(channel: EventQueue) -> list[bytes]:
    return [line async for line in channel.encoded(comment_seconds=10)]


def test_an_event_is_written_as_the_standard_says() -> None:
    assert StreamEvent("name", '{"a":1}', "7").encode() == b'id: 7\nevent: name\ndata: {"a":1}\n\n'
    assert StreamEvent("", "[DONE]").encode() == b"data: [DONE]\n\n"


async def test_what_does_not_fit_is_dropped_counted_and_told() -> None:
    channel = EventQueue(limit=2)
    for number in range(5):
        channel.put(StreamEvent("e", str(number)))
    channel.end()

    assert await read_all(channel) == [
        b"event: e\ndata: 0\n\n",
        b"event: e\ndata: 1\n\n",
        b'event: dropped\ndata: {"count":3}\n\n',
    ]
    assert channel.dropped_in_all == 3


async def test_what_waits_at_the_end_is_still_delivered() -> None:
    channel = EventQueue(limit=9)
    channel.put(StreamEvent("e", "1"))
    channel.end()

    assert await read_all(channel) == [b"event: e\ndata: 1\n\n"]


async def test_a_full_channel_lets_others_run_between_its_events() -> None:
    channel = EventQueue(limit=100)
    for number in range(100):
        channel.put(StreamEvent("e", str(number)))
    channel.end()
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    running = asyncio.create_task(others())
    await read_all(channel)
    running.cancel()

    assert turns >= 100


async def test_a_quiet_channel_carries_comments() -> None:
    lines = EventQueue(limit=1).encoded(comment_seconds=0.01)

    assert (await anext(lines)).startswith(b":")
