import { expect, test } from "bun:test";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { until } from "../../lib/testing/until.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import { createListeners } from "./listeners.ts";
import { listen } from "./testing/events.ts";
import { smallBoard, tweet, vote } from "./testing/small-board.ts";

const stream = (board: { readonly url: string }, pipeline = "votaciones") =>
  `${board.url}/api/${pipeline}/stream`;

test("GET /api/<pipeline>/stream sends a snapshot at once, then one after every change", async () => {
  await using board = await smallBoard(votaciones);
  await board.publish("kafka", vote);
  using listener = await listen(stream(board));
  expect(listener.headers.get("content-type")).toBe("text/event-stream");
  expect(await listener.next()).toEqual({ retry: "2000" });
  let snapshot = await listener.snapshot();
  while (snapshot.state?.total !== "1") snapshot = await listener.snapshot();
  expect(snapshot).toMatchObject({
    state: { total: "1", votos_banda: { "Soda Stereo": "1" } },
    deadLetters: { kafka: { waiting: 0 } },
  });
  await board.publish("kafka", { ...vote, name: "Bohemia Suburbana" });
  while (snapshot.ledger?.stored !== 2) snapshot = await listener.snapshot();
  expect(snapshot.state?.total).toBe("2");
  expect(snapshot.lag).toEqual({ kafka: [{ partition: "0", end: 2, cursor: 2, lag: 0 }] });
  while (snapshot.logs?.length !== 2) snapshot = await listener.snapshot();
  expect(snapshot.logs[0]).toMatchObject({ name: "Bohemia Suburbana", album: "Dynamo" });
  expect(Math.abs(snapshot.at - Date.now())).toBeLessThan(10_000);
});

test("a store is read four times a second at most, once for all who listen, and not while nobody does", async () => {
  await using board = await smallBoard(climaApp);
  const { store, broker } = board.parts;
  expect(store.calls).toBe(0);
  {
    const listeners = await Promise.all(
      Array.from({ length: 20 }, () => listen(stream(board, "clima-app"))),
    );
    await Promise.all(listeners.map((listener) => listener.snapshot()));
    const [beganMs, before, asked] = [performance.now(), store.calls, broker.calls];
    await until("two seconds", () => performance.now() - beganMs >= 2_000);
    expect(store.calls - before).toBeLessThanOrEqual(9);
    expect(store.calls - before).toBeGreaterThan(4);
    // Both lanes' ends and dead letters, once a second.
    expect(broker.calls - asked).toBeLessThanOrEqual(12);
    for (const listener of listeners) listener[Symbol.dispose]();
  }
  let [calls, sinceMs] = [store.calls, performance.now()];
  await until("a second without a reading", () => {
    if (store.calls !== calls) [calls, sinceMs] = [store.calls, performance.now()];
    return performance.now() - sinceMs > 1_000;
  });
  using again = await listen(stream(board, "clima-app"));
  expect((await again.snapshot()).ledger?.closes).toBe(true);
});

test("what does not change is not sent again, and a comment says that the board is alive", async () => {
  await using board = await smallBoard(climaApp, {
    listeners: createListeners({ aliveMs: 1_300 }),
  });
  using listener = await listen(stream(board, "clima-app"));
  expect(await listener.next()).toEqual({ retry: "2000" });
  expect((await listener.next())?.event).toBe("snapshot");
  expect(await listener.next()).toEqual({ comment: "alive" });
  expect(await listener.next()).toEqual({ comment: "alive" });
  await board.publish("kafka", tweet);
  expect((await listener.next())?.event).toBe("snapshot");
});

test("many changes are four snapshots a second at most, and the last one is the whole", async () => {
  await using board = await smallBoard(votaciones);
  using listener = await listen(stream(board));
  await listener.snapshot();
  const beganMs = performance.now();
  for (let sent = 0; sent < 300; sent++) await board.publish("kafka", vote);
  let [snapshots, snapshot] = [1, await listener.snapshot()];
  for (; snapshot.state?.total !== "300"; snapshots++) snapshot = await listener.snapshot();
  expect(snapshots).toBeLessThanOrEqual((performance.now() - beganMs) / 250 + 2);
});

test("parts that are away are null, and come back by themselves", async () => {
  await using board = await smallBoard(votaciones);
  await board.publish("kafka", vote);
  using listener = await listen(stream(board));
  let snapshot = await listener.snapshot();
  while (snapshot.logs?.length !== 1 || snapshot.ledger === null) {
    snapshot = await listener.snapshot();
  }
  board.parts.broker.away = true;
  while (snapshot.lag?.kafka !== null) snapshot = await listener.snapshot();
  expect(snapshot.deadLetters).toEqual({ kafka: null });
  expect(snapshot.state?.total).toBe("1");
  expect(snapshot.ledger?.lanes.kafka?.fault).toBe("Cannot be reached");
  board.parts.store.away = true;
  board.parts.log.away = true;
  while (snapshot.state !== null || snapshot.logs !== null) snapshot = await listener.snapshot();
  expect(snapshot).toMatchObject({ state: null, ledger: null, lag: null, logs: null });
  for (const part of Object.values(board.parts)) part.away = false;
  while (!snapshot.logs || snapshot.lag?.kafka?.[0]?.lag !== 0) {
    snapshot = await listener.snapshot();
  }
  expect(snapshot.state?.total).toBe("1");
  expect(snapshot.ledger?.closes).toBe(true);
});

test("beyond as many listeners as may, 503 with Retry-After; who leaves makes room", async () => {
  await using board = await smallBoard(climaApp, {
    listeners: createListeners({ listenersMax: 3 }),
  });
  const listeners = await Promise.all(
    Array.from({ length: 3 }, () => listen(stream(board, "clima-app"))),
  );
  const refused = await board.ask("/api/clima-app/stream");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
  expect(refused.headers.get("content-type")).toBe("application/problem+json");
  listeners[0]?.[Symbol.dispose]();
  await until("room", async () => {
    using listener = await listen(stream(board, "clima-app"));
    return listener.status === 200;
  });
  for (const listener of listeners) listener[Symbol.dispose]();
});

test("HEAD takes no listener's place", async () => {
  await using board = await smallBoard(climaApp, {
    listeners: createListeners({ listenersMax: 1 }),
  });
  for (let asked = 0; asked < 3; asked++) {
    expect((await board.ask("/api/clima-app/stream", { method: "HEAD" })).status).toBe(200);
  }
  using listener = await listen(stream(board, "clima-app"));
  expect(listener.status).toBe(200);
});

test("a client that takes nothing is sent little, cut off, and makes room", async () => {
  await using board = await smallBoard(votaciones, {
    // The server counts in ticks of four seconds: who may take nothing for eight has four of them at least.
    listeners: createListeners({ listenersMax: 1, aliveMs: 1_000, stuckMs: 8_000 }),
  });
  // Snapshots of a megabyte, so that no socket has room for many.
  const names = Array.from({ length: 2_000 }, (_, n) => `${n} ${"á".repeat(120)}`);
  for (const name of names) await board.publish("kafka", { ...vote, name });
  const state = async () => (await board.ask("/api/votaciones/state")).json();
  await until("the votes", async () => ((await state()) as { total: string }).total === "2000");
  using socket = disposable(connect(board.port, "127.0.0.1"));
  socket.write("GET /api/votaciones/stream HTTP/1.1\r\nhost: board\r\n\r\n");
  const [head] = (await once(socket, "data")) as [Buffer];
  expect(head.toString()).toStartWith("HTTP/1.1 200");
  socket.pause();
  const room = async () => {
    const reply = await board.ask("/api/votaciones/stream");
    await reply.body?.cancel();
    return reply.status === 200;
  };
  expect(await room()).toBe(false);
  const [before, beganMs] = [process.memoryUsage.rss(), performance.now()];
  const changeThenRoom = async () => {
    await board.publish("kafka", vote);
    return room();
  };
  await until("room", changeThenRoom, { timeoutMs: 40_000, everyMs: 100 });
  expect(performance.now() - beganMs).toBeGreaterThan(3_000);
  expect(process.memoryUsage.rss() - before).toBeLessThan(200_000_000);
}, 60_000);

test("disposing the listeners ends their streams at once, and there are no new ones", async () => {
  const listeners = createListeners();
  await using board = await smallBoard(climaApp, { listeners });
  using listener = await listen(stream(board, "clima-app"));
  await listener.snapshot();
  const beganMs = performance.now();
  listeners[Symbol.dispose]();
  for (let block = await listener.next(); block !== undefined; ) block = await listener.next();
  expect(performance.now() - beganMs).toBeLessThan(1_000);
  expect((await board.ask("/api/clima-app/stream")).status).toBe(503);
});

function disposable(socket: Socket): Socket & Disposable {
  socket.on("error", () => {});
  return Object.assign(socket, { [Symbol.dispose]: () => void socket.destroy() });
}
