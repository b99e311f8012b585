import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../testing/until.ts";
import { collector } from "../testing/collector.ts";
import { message, messagesOf, outcome, publishAll, soon } from "../testing/messages.ts";
import { type EmbeddedBroker, embeddedBroker } from "./embedded-broker.ts";

const writer = Bun.fileURLToPath(new URL("./testing/publish-for-ever.ts", import.meta.url));

/** How many messages the writer tells of before it is killed, each an id and a line's end. */
const toldMin = 200;
const lineLength = 37;

/** Everything that a lane holds. */
async function idsOf(broker: EmbeddedBroker, lane: string): Promise<Set<string | undefined>> {
  const store = collector();
  const [[partition, end] = ["", 0]] = await broker.ends(lane);
  await using _ = await broker.subscriber(lane).subscribe(store);
  await until("the end", () => (store.cursors.get(partition) ?? 0) === end, { timeoutMs: 30_000 });
  expect(store.gaps).toEqual({ hole: 0, lost: 0 });
  return store.ids();
}

describe("the embedded broker's file", () => {
  let dir: string;
  const fileOf = (name: string) => join(dir, `${name}.db`);
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "embedded-file-"));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  test("holds every acknowledged message after SIGKILL, in both lanes", async () => {
    const file = fileOf("kill");
    const told: string[] = [];
    for (let round = 0; round < 3; round++) {
      const command = [process.execPath, writer, file];
      const child = Bun.spawn(command, { stdout: "pipe", stderr: "inherit" });
      let text = "";
      for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        if (text.length > toldMin * lineLength) child.kill("SIGKILL");
      }
      await child.exited;
      expect(child.signalCode).toBe("SIGKILL");
      told.push(...text.split("\n").filter((line) => line.length === 36));
    }
    expect(told.length).toBeGreaterThan(300);
    await using broker = embeddedBroker({ file });
    for (const lane of ["kafka", "rabbit"]) {
      const kept = await idsOf(broker, lane);
      expect(told.filter((id) => !kept.has(id))).toEqual([]);
    }
  }, 60_000);

  test("keeps offsets, partition names and unsettled messages over a restart", async () => {
    const file = fileOf("restart");
    const store = collector();
    const names: string[] = [];
    for (let round = 0; round < 3; round++) {
      await using broker = embeddedBroker({ file });
      await using publisher = broker.publisher("kafka");
      await publishAll(publisher, messagesOf(10));
      const [[partition, end] = ["", 0]] = await broker.ends("kafka");
      names.push(partition);
      expect(end).toBe((round + 1) * 10);
      // The first round's messages wait for the second.
      if (round === 0) continue;
      await using _ = await broker.subscriber("kafka").subscribe(store);
      await until("all of them", () => store.cursors.get(partition) === end);
    }
    expect(new Set(names).size).toBe(1);
    expect(store.messages.map(({ offset }) => offset)).toEqual(
      Array.from({ length: 30 }, (_, i) => i),
    );
  });

  test("belongs to one process", async () => {
    const file = fileOf("owned");
    await using _ = embeddedBroker({ file });
    const script = `import { embeddedBroker } from ${JSON.stringify(join(import.meta.dir, "embedded-broker.ts"))};
      embeddedBroker({ file: ${JSON.stringify(file)} });`;
    const child = Bun.spawn(["bun", "-e", script], { stderr: "pipe" });
    expect(await new Response(child.stderr).text()).toContain("Cannot open the embedded broker");
    expect(await child.exited).toBe(1);
  });

  test("forgets what every handler settled, but the newest of it", async () => {
    await using broker = embeddedBroker({ file: fileOf("trim"), retainMax: 50 });
    await using publisher = broker.publisher("kafka");
    const store = collector();
    const subscription = await broker.subscriber("kafka").subscribe(store);
    for (let round = 0; round < 5; round++) {
      await publishAll(publisher, messagesOf(100));
      await until("all of them", () => store.messages.length === (round + 1) * 100);
    }
    // Trimming goes along with the next commit.
    await publishAll(publisher, [message()]);
    await subscription[Symbol.asyncDispose]();
    const [[partition] = [""]] = await broker.ends("kafka");
    const older = collector();
    older.cursors.set(partition, 100);
    await using _ = await broker.subscriber("kafka").subscribe(older);
    await until("the end", () => older.cursors.get(partition) === 501);
    expect(older.gaps).toEqual({ hole: 0, lost: 350 });
    expect(older.messages.map(({ offset }) => offset)[0]).toBe(450);
  });

  test("refuses as overloaded what exceeds a lane's backlog, until it is worked off", async () => {
    await using broker = embeddedBroker({ file: fileOf("backlog"), backlogMax: 100 });
    await using publisher = broker.publisher("kafka");
    await using other = broker.publisher("rabbit");
    await publishAll(publisher, messagesOf(100));
    expect((await publisher.publish([message()], soon())).map(outcome)).toEqual(["overloaded"]);
    expect((await other.publish([message()], soon())).map(outcome)).toEqual(["stored"]);
    const store = collector();
    await using _ = await broker.subscriber("kafka").subscribe(store);
    await until("all of them", () => store.messages.length === 100);
    await publishAll(publisher, [message()]);
  });

  test("may be memory", async () => {
    await using broker = embeddedBroker({ file: ":memory:" });
    await using publisher = broker.publisher("kafka");
    const sent = messagesOf(10);
    await publishAll(publisher, sent);
    expect(await idsOf(broker, "kafka")).toEqual(new Set(sent.map(({ id }) => id)));
  });

  test("wakes its subscriber at once", async () => {
    await using broker = embeddedBroker({ file: ":memory:" });
    await using publisher = broker.publisher("kafka");
    const store = collector();
    const subscriber = broker.subscriber("kafka", { resyncMs: 60_000 });
    await using subscription = await subscriber.subscribe(store);
    await until("it to be ready", () => subscription.ready(), { everyMs: 1 });
    await publishAll(publisher, [message()]);
    await until("it", () => store.messages.length === 1, { timeoutMs: 500, everyMs: 1 });
  });
});
