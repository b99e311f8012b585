import { describe, expect, test } from "bun:test";
import { connect } from "amqplib";
import { jsonLines } from "../../cli/testing/run.ts";
import { until } from "../../lib/testing/until.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { parts } from "../parts/testing.ts";
import { operatorOf, sendToKafka } from "./testing/operator.ts";
import { ownSystem, post } from "./testing/own-system.ts";

const tweet = { municipality: 1, temperature: 25, humidity: 60, weather: 1 };
const body = '{"municipio":"Mixco","temperatura":20,"humedad":50,"clima":"Soleado"}';
const poison = body.replace("20", '"hot"');
const events = 1_000;
const patiently = { timeoutMs: 60_000, everyMs: 200 };
const testMs = 180_000;

describe.skipIf(!parts)("dead letters on real servers", () => {
  const system = ownSystem({ pipelines: [climaApp] });
  const { drained, ledger, state } = system.board(climaApp);
  const { dlq, waiting, start, audit } = operatorOf(system, climaApp.name);
  const total = async () => Number((await state()).total ?? 0);

  async function sendToRabbit(text: string) {
    const model = await connect(system.get().urls.rabbit);
    const channel = await model.createConfirmChannel();
    channel.sendToQueue(climaApp.broker.queue, Buffer.from(text), {
      headers: { from: "a friend" },
    });
    await channel.waitForConfirms();
    await model.close();
  }
  const waitFor = (count: number, ...args: readonly string[]) =>
    until(
      `${count} letters`,
      async () => {
        const found = await waiting(...args);
        return found.length === count && found;
      },
      patiently,
    );

  test(
    "a poison message of either lane takes effect once it was edited, and once however often it is redriven",
    async () => {
      const before = await total();
      await sendToKafka(system.get().urls.kafka, climaApp.broker.topic, [poison]);
      await sendToRabbit(poison);
      const letters = await waitFor(2);
      expect(letters.map(({ lane, reason, body }) => [lane, reason, body]).sort()).toEqual([
        ["kafka", "undecodable", poison],
        ["rabbit", "undecodable", poison],
      ]);
      const dry = await dlq("redrive", "--all", "--dry-run");
      expect([dry.code, dry.out]).toEqual([0, "Would redrive 2.\n"]);
      expect(await waiting()).toHaveLength(2);
      for (const { id } of letters) {
        const edited = await dlq("edit", id, "--set", "temperatura=20");
        expect([edited.code, edited.err]).toEqual([0, ""]);
        expect((await dlq("redrive", id)).out).toBe("1 redriven.\n");
        const again = await dlq("redrive", id);
        expect([again.code, again.err]).toEqual([1, expect.stringContaining("Cannot find")]);
      }
      await until("both effects", async () => (await total()) === before + 2, patiently);
      expect(await waiting()).toEqual([]);
      expect(await drained()).toMatchObject({ closes: true, deadLettered: 2 });
    },
    testMs,
  );

  test(
    "what is poison still is set aside again under its id, and dropped for good",
    async () => {
      await sendToKafka(system.get().urls.kafka, climaApp.broker.topic, ["{ no json"]);
      const [{ id } = { id: "" }] = await waitFor(1);
      expect((await dlq("redrive", id)).code).toBe(0);
      await drained();
      const [again] = await waitFor(1);
      expect(again).toMatchObject({ id, lane: "kafka", body: "{ no json" });
      expect((await dlq("drop", "--reason", "undecodable")).out).toBe("1 dropped.\n");
      expect(await waiting()).toEqual([]);
      const reply = await fetch(`${system.get().urls.http}/api/clima-app/dead-letters`);
      await until("the board to agree", async () => {
        const { deadLetters } = await snapshotOf(system.get().urls.http);
        return deadLetters.kafka?.waiting === 0 && deadLetters.rabbit?.waiting === 0;
      });
      expect(reply.status).toBe(200);
    },
    testMs,
  );

  test(
    `${events} events that the store refused take effect once each, though the redrive is killed in the middle`,
    async () => {
      const before = await total();
      using valkey = system.valkey(climaApp);
      // Of another kind than what is folded there.
      const kept = await valkey.client.rename("municipality:mixco", "kept").catch(() => undefined);
      await valkey.client.set("municipality:mixco", "junk");
      const url = `${system.get().urls.http}/clima`;
      for (let sent = 0; sent < events; sent += 50) {
        const replies = await Promise.all(Array.from({ length: 50 }, () => post(url, tweet)));
        expect(replies.every(({ status }) => status === 200)).toBe(true);
      }
      await until(
        "all letters of both lanes",
        async () => (await ledger()).inFlight === 0 && (await waiting()).length === 2 * events,
        { timeoutMs: 120_000, everyMs: 500 },
      );
      expect(await total()).toBe(before);
      await valkey.client.del("municipality:mixco");
      if (kept) await valkey.client.rename("kept", "municipality:mixco");

      const child = start("redrive", "--reason", "refused", "--json");
      let told = "";
      for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
        told += chunk;
        if (told.split("\n").length > 300) child.kill("SIGKILL");
      }
      expect(await child.exited).not.toBe(0);
      const left = await waiting();
      expect(left.length).toBeGreaterThan(0);
      expect(left.length).toBeLessThan(2 * events);
      const { out, code } = await dlq("redrive", "--reason", "refused", "--json");
      expect([code, jsonLines(out).length]).toEqual([0, left.length]);
      expect(await waiting()).toEqual([]);
      await until("every effect", async () => (await total()) === before + events, patiently);
      expect((await drained()).closes).toBe(true);
      expect(await total()).toBe(before + events);
      const audited = await audit();
      expect([audited.code, audited.err]).toEqual([0, ""]);
    },
    testMs,
  );

  test(
    "what RabbitMQ itself set aside is shown, and takes effect when it is redriven",
    async () => {
      const before = await total();
      await system.child("clima-app-rabbit-consumer").stop();
      await sendToRabbit(body);
      const model = await connect(system.get().urls.rabbit);
      const channel = await model.createChannel();
      await channel.consume(climaApp.broker.queue, (message) => {
        if (message) channel.reject(message, true);
      });
      const [letter] = await waitFor(1);
      await model.close();
      expect(letter).toMatchObject({ lane: "rabbit", reason: "undelivered", body });
      await system.child("clima-app-rabbit-consumer").start();
      expect((await dlq("redrive", "--reason", "undelivered")).out).toBe("1 redriven.\n");
      await until("its effect", async () => (await total()) === before + 1, patiently);
      expect(await waiting()).toEqual([]);
      expect((await drained()).lanes.rabbit).toMatchObject({ aside: { undelivered: 1 } });
    },
    testMs,
  );

  test(
    "a broker that is away is told, and letters of the others are dealt with",
    async () => {
      await sendToKafka(system.get().urls.kafka, climaApp.broker.topic, ["{ no json"]);
      await waitFor(1, "--lane", "kafka");
      await system.child("rabbitmq").stop();
      const all = await dlq("ls");
      expect([all.code, all.err]).toEqual([1, expect.stringContaining("ECONNREFUSED")]);
      expect((await dlq("drop", "--all")).code).toBe(1);
      expect((await dlq("drop", "--lane", "kafka")).out).toBe("1 dropped.\n");
      await system.child("rabbitmq").start();
      expect(await waiting()).toEqual([]);
    },
    testMs,
  );
});

async function snapshotOf(url: string) {
  const reply = await fetch(`${url}/api/clima-app/snapshot`);
  return (await reply.json()) as {
    readonly deadLetters: Readonly<Record<string, { readonly waiting: number } | null>>;
  };
}
