import { describe, expect, test } from "bun:test";
import { eventTimeMs, parseEventId } from "../../lib/event/event-id.ts";
import { until } from "../../lib/testing/until.ts";
import { findMix } from "../../loadtest/mixes/find-mix.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import { parts } from "../parts/testing.ts";
import { ownSystem, post } from "./testing/own-system.ts";
import { acknowledged, votesIn, votesPerBand } from "./testing/votes-log.ts";
import { consumer, expectVotes, fire, patience, sendVotes } from "./testing/votes-run.ts";

const testMs = 180_000;
const mix = findMix("votaciones");

describe.skipIf(!parts)("votaciones with MongoDB", () => {
  const system = ownSystem({ pipelines: [votaciones] });
  const board = system.board(votaciones);

  test(
    "votaciones MongoDB: 1,000 votes by both routes are as many documents, and Redis counts the same",
    async () => {
      await sendVotes(system);
      await expectVotes(system, 1_000);
      for (const { _id, date, ...fields } of await votesIn(system)) {
        expect(Object.keys(fields)).toEqual(["name", "album", "year", "rank"]);
        expect(date).toEqual(
          new Date(eventTimeMs(parseEventId(String(_id)) ?? expect.unreachable())),
        );
      }
    },
    testMs,
  );

  const send = async (count: number) => {
    const replies = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        post(`${system.get().urls.http}/rust/send_data`, mix.event(index).body),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
  };
  const checks = async () => {
    const admin = system
      .get()
      .entries()
      .find(({ name }) => name === consumer)?.adminPort;
    const reply = await fetch(`http://127.0.0.1:${admin}/ready`);
    return ((await reply.json()) as { checks: Record<string, boolean> }).checks;
  };

  /** Whether the consumer has told that a store at such an address does not answer. */
  const failsAt = (where: string) => {
    const lines = system.child(consumer).logTail(20_000).split("\n");
    return lines.some((each) => each.includes("does not answer") && each.includes(where));
  };

  for (const { down, name, check, where } of [
    { down: "MongoDB", name: "mongo1", check: "log", where: "mongodb://" },
    { down: "Redis", name: "valkey1", check: "store", where: "redis://" },
  ]) {
    test(
      `votaciones fault: nothing is acknowledged while ${down} is down, and each has one effect afterwards`,
      async () => {
        await board.drained();
        const before = await votesPerBand(system);
        await until(
          "everything acknowledged",
          async () => (await acknowledged(system)) === before.total,
          patience,
        );
        await system.child(name).stop();
        await send(100);
        await until("a write that fails", () => failsAt(where), patience);
        expect(await checks()).toEqual({ kafka: true, store: true, log: true, [check]: false });
        expect(await acknowledged(system)).toBe(before.total);
        await system.child(name).start();
        await expectVotes(system, before.total + 100);
        await until(
          "everything acknowledged",
          async () => (await acknowledged(system)) === before.total + 100,
          patience,
        );
        expect(await board.drained()).toMatchObject({ deadLettered: 0, closes: true });
        expect(await checks()).toEqual({ kafka: true, store: true, log: true });
      },
      testMs,
    );
  }
});

describe.skipIf(!parts)("votaciones with MongoDB, under fire", () => {
  const system = ownSystem({ pipelines: [votaciones] });

  test(
    "votaciones MongoDB: the same with a consumer killed twice, MongoDB and Redis stopped and started on the way",
    async () => {
      await sendVotes(system, fire(system));
      await expectVotes(system, 1_000);
    },
    testMs,
  );
});
