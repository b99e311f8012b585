import { expect, test } from "bun:test";
import { freePort } from "../../tools/parts/ports.ts";
import { openLoop } from "./open-loop.ts";

const slowMs = 300;

/** A server whose replies take a while. */
async function slowServer(status = 200) {
  let [now, most] = [0, 0];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: await freePort(),
    async fetch() {
      most = Math.max(most, ++now);
      await Bun.sleep(slowMs);
      now -= 1;
      return new Response("", { status, headers: { "idempotency-key": "id" } });
    },
  });
  return {
    url: new URL(`http://127.0.0.1:${server.port}/`),
    /** The most requests that were there at one time. */
    most: () => most,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

test("openLoop() sends what is due, however long replies take", async () => {
  await using server = await slowServer();
  const bodies: string[] = [];
  const figures = await openLoop({
    perSecond: 100,
    seconds: 1,
    request: (index) => {
      const body = `${index}`;
      bodies.push(body);
      return { url: server.url, body };
    },
  });
  expect(figures).toMatchObject({ sent: 100, held: 0, acknowledged: 100, failed: 0 });
  expect(bodies).toEqual(Array.from({ length: 100 }, (_, index) => `${index}`));
  // One after the other they would have been three.
  expect(server.most()).toBeGreaterThan(10);
  expect(figures.p50Ms).toBeGreaterThanOrEqual(slowMs);
});

test("openLoop() counts refusals, and ends early when it is told to", async () => {
  await using server = await slowServer(503);
  const enough = new AbortController();
  const figures = await openLoop({
    perSecond: 50,
    seconds: 60,
    signal: enough.signal,
    request: (index) => {
      if (index === 9) enough.abort();
      return { url: server.url, body: "{}" };
    },
  });
  expect(figures).toMatchObject({ acknowledged: 0, held: 0 });
  expect(figures.failed).toBe(figures.sent);
  expect(figures.sent).toBeWithin(10, 100);
});
