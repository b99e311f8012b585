import { describe, expect, test } from "bun:test";
import { connect } from "amqplib";
import { Kafka, logLevel, Partitioners } from "kafkajs";
import { until } from "../../lib/testing/until.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import type { Letter } from "../../services/board/letter.ts";
import type { Snapshot } from "../../services/board/snapshot.ts";
import { listen } from "../../services/board/testing/events.ts";
import { parts } from "../parts/testing.ts";
import { ownSystem, post } from "./testing/own-system.ts";

const tweet = { municipality: 3, temperature: 25, humidity: 60, weather: 4 };
const patiently = { timeoutMs: 60_000 };
const testMs = 180_000;
const looks = 30;

describe.skipIf(!parts)("the board on real servers", () => {
  const system = ownSystem({ pipelines: [climaApp] });
  const { drained } = system.board(climaApp);
  const api = () => `${system.httpOf("clima-app-board")}/api/clima-app`;
  const snapshot = async () => (await fetch(`${api()}/snapshot`)).json() as Promise<Snapshot>;
  const letters = async () => {
    const reply = await fetch(`${api()}/dead-letters`);
    return (await reply.json()) as { readonly letters: readonly Letter[]; readonly away: string[] };
  };

  test(
    "a snapshot has the lag of every partition and of the queue",
    async () => {
      const sent = 30;
      for (let n = 0; n < sent; n++) await post(`${system.httpOf("clima-app-api")}/clima`, tweet);
      await drained();
      const { state, ledger, lag, deadLetters } = await snapshot();
      expect(state?.total).toBe(`${sent}`);
      expect(ledger).toMatchObject({ stored: sent, inFlight: 0, closes: true });
      expect(lag?.kafka?.map(({ partition }) => partition)).toEqual(["0", "1", "2"]);
      expect(lag?.kafka?.reduce((sum, { end }) => sum + end, 0)).toBe(sent);
      expect(lag?.kafka?.every((each) => each.end === each.cursor && each.lag === 0)).toBe(true);
      expect(lag?.rabbit).toEqual([{ partition: "clima", end: sent, cursor: sent, lag: 0 }]);
      expect(deadLetters).toEqual({ kafka: { waiting: 0 }, rabbit: { waiting: 0 } });
    },
    testMs,
  );

  test(
    "what waits for a consumer shows as lag until there is one",
    async () => {
      const consumers = ["clima-app-kafka-consumer", "clima-app-rabbit-consumer"];
      for (const name of consumers) await system.child(name).stop();
      for (let n = 0; n < 7; n++) await post(`${system.httpOf("clima-app-api")}/clima`, tweet);
      const lags = ({ lag }: Snapshot) =>
        [lag?.kafka, lag?.rabbit].map((lane) => lane?.reduce((sum, each) => sum + each.lag, 0));
      await until("the lag", async () => `${lags(await snapshot())}` === "7,7", patiently);
      for (const name of consumers) await system.child(name).start();
      await until("none", async () => `${lags(await snapshot())}` === "0,0", patiently);
    },
    testMs,
  );

  test(
    "dead letters of both lanes are shown and stay as they are, however often they are looked at",
    async () => {
      const { kafka, rabbit } = system.get().urls;
      const client = new Kafka({ brokers: [...kafka], logLevel: logLevel.NOTHING });
      const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
      await producer.connect();
      await producer.send({ topic: "clima", messages: [{ value: "{ from Kafka" }] });
      await producer.disconnect();
      const model = await connect(rabbit);
      const channel = await model.createConfirmChannel();
      channel.sendToQueue("clima", Buffer.from("{ from RabbitMQ"));
      await channel.waitForConfirms();
      await until("both letters", async () => (await letters()).letters.length === 2, patiently);
      for (let look = 0; look < looks; look++) {
        const found = await letters();
        expect(found.away).toEqual([]);
        expect(found.letters.map(({ lane, body }) => [lane, body])).toContainAllValues([
          ["kafka", "{ from Kafka"],
          ["rabbit", "{ from RabbitMQ"],
        ]);
        expect(found.letters.every(({ reason }) => reason === "undecodable")).toBe(true);
      }
      const { deadLetters } = await snapshot();
      expect(deadLetters).toEqual({ kafka: { waiting: 1 }, rabbit: { waiting: 1 } });
      await model.close();
    },
    testMs,
  );

  test(
    "a broker that is away is null on the stream, the rest goes on, and it comes back by itself",
    async () => {
      // By way of the door to everything, as through an Ingress.
      using listener = await listen(`${system.get().urls.http}/api/clima-app/stream`);
      let now = await listener.snapshot();
      while (now.ledger === null) now = await listener.snapshot();
      await system.child("rabbitmq").kill();
      while (now.lag?.rabbit !== null || now.deadLetters.rabbit !== null) {
        now = await listener.snapshot();
      }
      expect(now.lag?.kafka).toHaveLength(3);
      expect(now.ledger?.lanes.rabbit?.fault).toBeString();
      expect((await letters()).away).toEqual(["rabbit"]);
      await system.child("valkey1").kill();
      while (now.state !== null) now = await listener.snapshot();
      expect(now.deadLetters.kafka).toEqual({ waiting: 1 });
      await Promise.all([system.child("rabbitmq").start(), system.child("valkey1").start()]);
      while (now.state === null || !now.lag?.rabbit) now = await listener.snapshot();
      expect(now.state.total).toBe("37");
    },
    testMs,
  );
});
