// OpenAI's own client for Node: plain, streamed, runTools, parsed answers, responses.
import assert from "node:assert";
import OpenAI from "openai";
import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";

const client = new OpenAI({ maxRetries: 0 });
const hello = [{ role: "user", content: "Hello" }];
const Weather = z.object({ place: z.string(), degrees: z.number() });

const chat = await client.chat.completions.create({ model: "senter", messages: hello, stop: "ZZZ" });
assert.equal(chat.choices[0].message.content.trim(), "Hello there, all is well.");

let text = "";
for await (const chunk of await client.chat.completions.create({ model: "senter", messages: hello, stream: true }))
  text += chunk.choices[0]?.delta?.content ?? "";
assert.equal(text.trim(), "Hello there, all is well.");

const tool = {
  type: "function",
  function: {
    name: "weather",
    description: "The weather of a place.",
    parameters: { type: "object", properties: { place: { type: "string" } } },
    parse: JSON.parse,
    function: ({ place }) => `5 C in ${place}`,
  },
};
for (const stream of [false, true]) {
  const runner = client.chat.completions.runTools({
    model: "senter",
    messages: [{ role: "user", content: "Weather in Oslo?" }],
    tools: [tool],
    stream,
  });
  assert.equal((await runner.finalContent()).trim(), "It is 5 C in Oslo there.");
}

const parsed = await client.chat.completions.parse({
  model: "senter",
  messages: hello,
  response_format: zodResponseFormat(Weather, "weather"),
});
assert.deepEqual(parsed.choices[0].message.parsed, { place: "Oslo", degrees: 5 });

const helper = client.chat.completions.stream({ model: "model_primary", messages: hello });
assert.equal((await helper.finalContent()).trim(), "Hello there, all is well.");

const answer = await client.responses.create({ model: "senter", input: "Hello" });
assert.equal(answer.output_text.trim(), "Hello there, all is well.");
const typed = await client.responses.parse({
  model: "senter",
  input: "Weather?",
  text: { format: zodTextFormat(Weather, "weather") },
});
assert.deepEqual(typed.output_parsed, { place: "Oslo", degrees: 5 });
const events = [];
for await (const event of await client.responses.create({ model: "senter", input: "Hello", stream: true }))
  events.push(event.type);
assert.equal(events.at(-1), "response.completed");

await assert.rejects(
  client.chat.completions.create({ model: "senter", messages: hello, n: 2 }),
  (error) => error.status === 400 && error.param === "n",
);
await assert.rejects(
  (async () => {
    const broken = { model: "senter", messages: [{ role: "user", content: "BREAK" }], stream: true };
    for await (const _ of await client.chat.completions.create(broken));
  })(),
  (error) => error.code === "model_unavailable",
);
