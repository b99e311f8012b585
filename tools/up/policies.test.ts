import { describe, expect, test } from "bun:test";
import { proyecto3 } from "../../pipelines/proyecto3.ts";
import { parts } from "../parts/testing.ts";
import { ownSystem, post } from "./testing/own-system.ts";

const tweet = { municipality: "mixco", temperature: 20, humidity: 50, weather: "sunny" };

describe.skipIf(!parts)("proyecto3 where any broker will do", () => {
  const system = ownSystem({ pipelines: [proyecto3], target: "random", preferPolicy: true });
  const board = system.board(proyecto3);
  const send = (headers: Readonly<Record<string, string>> = {}) =>
    post(`${system.get().urls.http}/proyecto3/tweet`, tweet, headers);
  const published = async () => {
    const { lanes } = await board.drained();
    return { kafka: lanes.kafka?.published ?? 0, rabbit: lanes.rabbit?.published ?? 0 };
  };

  test("random stores each tweet on one broker, in time on both", async () => {
    const replies = await Promise.all(Array.from({ length: 100 }, () => send()));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    const { kafka, rabbit } = await published();
    expect(kafka + rabbit).toBe(100);
    expect(kafka).toBeGreaterThan(10);
    expect(rabbit).toBeGreaterThan(10);
    expect((await board.drained()).stored).toBe(100);
  });

  test("a request's own policy holds through both hops, and the reply names each broker", async () => {
    for (const [policy, lanes] of [
      ["kafka", { kafka: 1, rabbit: 0 }],
      ["rabbit", { kafka: 0, rabbit: 1 }],
      ["both", { kafka: 1, rabbit: 1 }],
    ] as const) {
      const before = await published();
      const reply = await send({ prefer: `policy=${policy}` });
      expect([reply.status, reply.headers.get("preference-applied")]).toEqual([
        200,
        `policy=${policy}`,
      ]);
      const stored = Object.entries(lanes).filter(([, count]) => count > 0);
      expect(reply.headers.get("lane-outcomes")).toBe(
        stored.map(([lane]) => `${lane}=stored`).join("; "),
      );
      const after = await published();
      expect([after.kafka - before.kafka, after.rabbit - before.rabbit]).toEqual([
        lanes.kafka,
        lanes.rabbit,
      ]);
    }
  });

  test("with one writer away, random goes on, kafka too, and both names it", async () => {
    await system.child("proyecto3-rabbit-writer").stop();
    expect((await send()).status).toBe(200);
    expect((await send({ prefer: "policy=kafka" })).status).toBe(200);
    const both = await send({ prefer: "policy=both" });
    expect(both.status).toBe(503);
    expect(both.headers.get("lane-outcomes")).toBe("kafka=stored; rabbit=unavailable");
    expect(both.body.lanes).toEqual({ kafka: "stored", rabbit: "unavailable" });
    await system.child("proyecto3-rabbit-writer").start();
  }, 30_000);
});
