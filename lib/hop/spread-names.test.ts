import { expect, test } from "bun:test";
import type { Publisher } from "../broker/publisher.ts";
import { httpUrl } from "../config.ts";
import { memoryPublisher } from "../testing/memory-publisher.ts";
import { until } from "../testing/until.ts";
import { outcome } from "./publisher.suite.ts";
import { spread } from "./spread.ts";

const within = (ms: number) => ({ deadlineAtMs: Date.now() + ms });

/** A hop whose names are looked up in `names`, which may be changed at any time, and whose places are in memory. */
function hopBy(addresses: readonly string[], names: Record<string, readonly string[]>) {
  const places = new Map<string, ReturnType<typeof memoryPublisher<string>>[]>();
  let asked = 0;
  const hop = spread<string>({
    addresses: addresses.map(httpUrl),
    open: ({ host }): Publisher<string> => {
      const publisher = memoryPublisher<string>();
      places.set(host, [...(places.get(host) ?? []), publisher]);
      return publisher;
    },
    lookUp: async (name) => {
      asked += 1;
      const found = names[name];
      if (found === undefined) throw new Error("ENOTFOUND");
      return found;
    },
    resolveMs: 20,
  });
  return {
    hop,
    publish: async (count = 1) => {
      const results = await hop.publish(Array<string>(count).fill("x"), within(1_000));
      return [...new Set(results.map(outcome))];
    },
    /** How many events each place of now or before stored. */
    stored: () =>
      Object.fromEntries(
        [...places].map(([host, all]) => [host, all.flatMap(({ stored }) => stored).length]),
      ),
    place: (host: string) => places.get(host)?.at(-1),
    lookedUp: async (times = 1) => {
      const from = asked;
      await until("names to be looked up", () => asked > from + times);
    },
    [Symbol.asyncDispose]: () => hop[Symbol.asyncDispose](),
  };
}

test("all that stand behind a name get events, over IPv4 and IPv6, each once", async () => {
  const names = { writers: ["10.0.0.1", "10.0.0.2", "fd00::1", "10.0.0.1"] };
  await using at = hopBy(["writers:50051"], names);
  expect(await at.publish(30)).toEqual(["stored"]);
  expect(at.stored()).toEqual({
    "10.0.0.1:50051": 10,
    "10.0.0.2:50051": 10,
    "[fd00::1]:50051": 10,
  });
});

test("what is new behind a name gets its share, what vanished is drained and then disposed", async () => {
  const names: Record<string, readonly string[]> = { writers: ["10.0.0.1", "10.0.0.2"] };
  await using at = hopBy(["writers:1"], names);
  await at.publish(2);
  const leaving = at.place("10.0.0.1:1");
  const release = Promise.withResolvers<void>();
  Object.assign(leaving?.behaviour ?? {}, { hold: release.promise });
  const underWay = at.publish(2);
  await until("an event to be under way", () => leaving?.inFlight === 1);
  names.writers = ["10.0.0.2", "10.0.0.3"];
  await until("the new place", () => at.place("10.0.0.3:1"));
  expect(leaving?.disposed).toBe(false);
  release.resolve();
  expect(await underWay).toEqual(["stored"]);
  await until("the old place to be disposed", () => leaving?.disposed);
  await at.publish(10);
  expect(at.stored()).toEqual({ "10.0.0.1:1": 2, "10.0.0.2:1": 7, "10.0.0.3:1": 5 });
});

test("a name that is not found any more stands for what it stood for last", async () => {
  const names: Record<string, readonly string[]> = { writers: ["10.0.0.1"] };
  await using at = hopBy(["writers:1"], names);
  await at.publish();
  delete names.writers;
  await at.lookedUp();
  expect(await at.publish()).toEqual(["stored"]);
  expect(at.stored()).toEqual({ "10.0.0.1:1": 2 });
});

test("a name that was never found stands for itself until it is", async () => {
  const names: Record<string, readonly string[]> = {};
  await using at = hopBy(["writers:1"], names);
  expect(await at.publish()).toEqual(["stored"]);
  names.writers = ["10.0.0.1"];
  await until("the place", () => at.place("10.0.0.1:1"));
  await at.publish();
  expect(at.stored()).toEqual({ "writers:1": 1, "10.0.0.1:1": 1 });
});

test("IP addresses, localhost and what speaks TLS stand for themselves, beside names", async () => {
  const names = { writers: ["10.0.0.1", "10.0.0.2"], localhost: ["10.9.9.9"], tls: ["10.9.9.9"] };
  const addresses = ["writers:1", "10.0.0.2:1", "[::1]:1", "localhost:1", "https://tls:1"];
  await using at = hopBy(addresses, names);
  await at.publish(50);
  const hosts = ["10.0.0.1:1", "10.0.0.2:1", "[::1]:1", "localhost:1", "tls:1"];
  expect(at.stored()).toEqual(Object.fromEntries(hosts.map((host) => [host, 10])));
});

test("of a name with a great many places so many are used as may be", async () => {
  const names = { writers: Array.from({ length: 200 }, (_, at) => `10.0.0.${at}`) };
  await using at = hopBy(["writers:1"], names);
  await at.publish(200);
  expect(Object.keys(at.stored()).length).toBe(64);
});

test("a look-up that hangs fails events at their deadline, not later, and it is not ready", async () => {
  await using hop = spread<string>({
    addresses: [httpUrl("writers:1")],
    open: () => memoryPublisher<string>(),
    lookUp: () => new Promise(() => {}),
  });
  const began = performance.now();
  expect((await hop.publish(["x"], within(200))).map(outcome)).toEqual(["deadline"]);
  expect(performance.now() - began).toBeWithin(150, 600);
  expect(await hop.ready()).toBe(false);
});

test("it is ready where one place is", async () => {
  await using at = hopBy(["writers:1"], { writers: ["10.0.0.1", "10.0.0.2"] });
  await at.publish();
  Object.assign(at.place("10.0.0.1:1")?.behaviour ?? {}, { ready: false });
  expect(await at.hop.ready()).toBe(true);
  Object.assign(at.place("10.0.0.2:1")?.behaviour ?? {}, { ready: false });
  expect(await at.hop.ready()).toBe(false);
});

test("disposing ends the looking-up and disposes every place", async () => {
  const names: Record<string, readonly string[]> = { writers: ["10.0.0.1", "10.0.0.2"] };
  const at = hopBy(["writers:1"], names);
  await at.publish(2);
  await at[Symbol.asyncDispose]();
  expect(["10.0.0.1:1", "10.0.0.2:1"].map((host) => at.place(host)?.disposed)).toEqual([
    true,
    true,
  ]);
  expect(await at.publish()).toEqual(["unavailable"]);
});
