import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deadLettersOf } from "../../lib/broker/dead-letter-lane.ts";
import { embeddedBroker } from "../../lib/broker/embedded/embedded-broker.ts";
import type { JournalOptions } from "../../lib/broker/embedded/journal.ts";
import type { BrokerMessage } from "../../lib/broker/message.ts";
import { publishAll } from "../../lib/broker/testing/messages.ts";
import { foldHandler } from "../../lib/delivery/fold-handler.ts";
import { type EventId, eventTimeMs } from "../../lib/event/event-id.ts";
import { laptopFiles } from "../../lib/laptop-files.ts";
import { silentLog } from "../../lib/log.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import type { Comparison } from "../../lib/store/compare-stores.ts";
import { embeddedStore } from "../../lib/store/embedded/embedded-store.ts";
import { tempDir } from "../../lib/store/testing/temp-dir.ts";
import { until } from "../../lib/testing/until.ts";
import { pipelines } from "../../pipelines/all.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import { rebuildLoad } from "../testing/rebuild-load.ts";
import { jsonLines, run } from "../testing/run.ts";

const lanesOf = (pipeline: AnyPipeline) =>
  pipeline === votaciones ? ["kafka"] : ["kafka", "rabbit"];

/** Publishes to lanes of a folder and folds them as laptop mode does, until all is settled. */
async function foldInto(
  dataDir: string,
  pipeline: AnyPipeline,
  messagesOf: (lane: string) => readonly BrokerMessage[],
  limits: { readonly idsMax?: number } & Omit<JournalOptions, "file"> = {},
): Promise<void> {
  const files = laptopFiles(dataDir);
  const { idsMax, ...journal } = limits;
  await using broker = embeddedBroker({ file: files.broker, ...journal });
  await using store = embeddedStore({
    file: files.store(pipeline.name),
    ...(idsMax !== undefined && { idsMax }),
  });
  for (const lane of lanesOf(pipeline)) {
    const name = files.laneOf(pipeline.name, lane);
    await using publisher = broker.publisher(name);
    await using deadLetters = broker.publisher(deadLettersOf(name));
    const handler = foldHandler([store], { pipeline, lane, deadLetters, log: silentLog });
    await using subscription = await broker.subscriber(name).subscribe(handler);
    await until("the lane to be followed", () => subscription.ready());
    const messages = messagesOf(lane);
    for (let at = 0; at < messages.length; at += 500) {
      await publishAll(publisher, messages.slice(at, at + 500));
    }
    const [[partition, end] = ["", 0]] = await broker.ends(name);
    await until("an empty lane", async () => {
      return ((await store.cursors([partition])).get(partition) ?? 0) >= end;
    });
  }
}

const rebuildIn = (dataDir: string, pipeline: AnyPipeline, ...args: readonly string[]) =>
  run("rebuild", [pipeline.name, "--data-dir", dataDir, ...args], {});

function change(dataDir: string, pipeline: AnyPipeline, sql: string): void {
  const database = new Database(laptopFiles(dataDir).store(pipeline.name));
  database.run(sql);
  database.close();
}

describe.each(pipelines.map((pipeline) => [pipeline.name, pipeline] as const))(
  "%s in laptop mode",
  (_name, pipeline) => {
    test("a store folded anew equals the live one, and takes its place where that is damaged", async () => {
      using dir = tempDir();
      const { messages, events } = rebuildLoad(pipeline, 1_500);
      const half = Math.floor(messages.length / 2);
      // Each lane has a part that the other one lacks.
      await foldInto(dir.path, pipeline, (lane) =>
        lanesOf(pipeline).length === 1
          ? messages
          : lane === "kafka"
            ? messages.slice(0, half + 200)
            : messages.slice(half),
      );
      const same = await rebuildIn(dir.path, pipeline, "--check", "--json");
      expect([same.code, same.err]).toEqual([0, ""]);
      const [report] = jsonLines(same.out);
      expect(report).toMatchObject({ outcome: "same", stored: events });
      const comparison = report?.comparison as Comparison | undefined;
      expect([comparison?.live, comparison?.differing]).toEqual([comparison?.fresh, 0]);

      change(dir.path, pipeline, "UPDATE fields SET value = value + 1");
      const other = await rebuildIn(dir.path, pipeline, "--check");
      expect(other.code).toBe(1);
      expect(other.out).toContain("is not what its log says");
      expect(other.out).toMatch(/^! \S+: another content of one hash$/m);

      const done = await rebuildIn(dir.path, pipeline, "--yes", "--keep");
      expect([done.code, done.out]).toEqual([0, expect.stringContaining("is rebuilt")]);
      const files = readdirSync(dir.path);
      expect(files.filter((file) => file.includes(".before-"))).not.toEqual([]);
      expect(files.filter((file) => file.includes(".rebuild"))).toEqual([]);
      expect((await rebuildIn(dir.path, pipeline, "--check")).code).toBe(0);
      // What comes afterwards is folded from where the log was read to.
      await foldInto(dir.path, pipeline, () => rebuildLoad(pipeline, 300, 2).messages);
      expect((await rebuildIn(dir.path, pipeline, "--check")).code).toBe(0);
      const audit = await run("audit", ["--data-dir", dir.path, "--pipeline", pipeline.name], {});
      expect(audit.out).toMatch(pipeline === votaciones ? /the log is/ : / closes: /);
    }, 60_000);
  },
);

describe("a rebuild in laptop mode", () => {
  const [pipeline] = pipelines;
  if (pipeline === undefined) throw new Error("Cannot test: there is no pipeline");

  test("sets aside again what came too late", async () => {
    using dir = tempDir();
    const { messages } = rebuildLoad(pipeline, 400);
    const earlier = (load: readonly BrokerMessage[], byMs: number) =>
      load.map((message) => {
        const ms = (eventTimeMs(message.id) - byMs).toString(16).padStart(12, "0");
        const id = `${ms.slice(0, 8)}-${ms.slice(8)}${message.id.slice(13)}` as EventId;
        return { ...message, id };
      });
    const first = earlier(rebuildLoad(pipeline, 200, 4).messages, 300_000);
    const old = earlier(rebuildLoad(pipeline, 1, 3).messages, 600_000);
    const limits = { idsMax: 100 };
    // What comes first is forgotten when the rest has come, and so what is older still is late.
    await foldInto(dir.path, pipeline, () => first, limits);
    await foldInto(dir.path, pipeline, () => messages, limits);
    await foldInto(dir.path, pipeline, () => old, limits);
    const check = () =>
      run("rebuild", [pipeline.name, "--data-dir", dir.path, "--check", "--json"], {
        IDS_MAX: "1000",
      });
    const checked = await check();
    expect([checked.code, checked.err]).toEqual([0, ""]);
    // Under another id it has its effect, and in the log it stands twice.
    const which = ["--data-dir", dir.path, "--reason", "late", "--lane", "kafka", "--new-id"];
    const redriven = await run("dlq", ["redrive", ...which], {});
    expect(redriven.out).toBe("1 redriven.\n");
    await foldInto(dir.path, pipeline, () => [], limits);
    const again = await check();
    expect([again.code, jsonLines(again.out)[0]?.obstacles]).toEqual([0, []]);
  }, 30_000);

  test("sets aside again what was refused, also where it was published again under its id", async () => {
    using dir = tempDir();
    await foldInto(dir.path, votaciones, () => rebuildLoad(votaciones, 50).messages);
    change(dir.path, votaciones, "UPDATE keys SET type = 'list' WHERE key = 'total'");
    const { messages: refused } = rebuildLoad(votaciones, 2, 2);
    await foldInto(dir.path, votaciones, () => refused);
    change(dir.path, votaciones, "UPDATE keys SET type = 'string' WHERE key = 'total'");
    expect((await rebuildIn(dir.path, votaciones, "--check")).code).toBe(0);
    const which = ["--data-dir", dir.path, "--reason", "refused"];
    expect((await run("dlq", ["redrive", ...which], {})).out).toBe("2 redriven.\n");
    await foldInto(dir.path, votaciones, () => []);
    const again = await rebuildIn(dir.path, votaciones, "--check", "--json");
    expect([again.code, jsonLines(again.out)[0]?.obstacles]).toEqual([0, []]);
  }, 30_000);

  test("is refused where messages were removed, and where a lane was made anew", async () => {
    using dir = tempDir();
    const { messages } = rebuildLoad(pipeline, 3_000);
    await foldInto(dir.path, pipeline, () => messages);
    for (const again of [10, 20]) {
      await foldInto(dir.path, pipeline, () => messages.slice(0, again), { retainMax: 100 });
    }
    const removed = await rebuildIn(dir.path, pipeline, "--dry-run");
    expect([removed.code, removed.out]).toEqual([1, expect.stringContaining("were removed")]);

    using fresh = tempDir();
    await foldInto(fresh.path, pipeline, () => messages.slice(0, 100));
    for (const file of readdirSync(fresh.path).filter((each) => each.startsWith("broker"))) {
      await Bun.file(join(fresh.path, file)).delete();
    }
    await foldInto(fresh.path, pipeline, () => messages.slice(0, 100));
    const anew = await rebuildIn(fresh.path, pipeline, "--check");
    expect([anew.code, anew.out]).toEqual([1, expect.stringContaining("was made anew")]);
  }, 30_000);

  test("is refused where the store has counted what no lane has, and where it is empty", async () => {
    using dir = tempDir();
    await foldInto(dir.path, pipeline, () => rebuildLoad(pipeline, 50).messages);
    change(dir.path, pipeline, "INSERT INTO ledger VALUES ('other', 'applied', 3)");
    const refused = await rebuildIn(dir.path, pipeline, "--yes");
    expect([refused.code, refused.out]).toEqual([
      1,
      expect.stringContaining("3 events had their effect by other alone"),
    ]);
    using empty = tempDir();
    await foldInto(empty.path, pipeline, () => []);
    const nothing = await rebuildIn(empty.path, pipeline, "--yes");
    expect([nothing.code, nothing.out]).toEqual([1, expect.stringContaining("store is empty")]);
  }, 30_000);

  test("clears away what an earlier one left behind", async () => {
    using dir = tempDir();
    await foldInto(dir.path, pipeline, () => rebuildLoad(pipeline, 50).messages);
    writeFileSync(`${laptopFiles(dir.path).store(pipeline.name)}.rebuild`, "half a store");
    const done = await rebuildIn(dir.path, pipeline, "--yes");
    expect([done.code, done.err]).toEqual([0, expect.not.stringContaining("Cannot")]);
  }, 30_000);

  test("that cannot be understood says so", async () => {
    for (const args of [
      [],
      ["other", "--check"],
      ["clima-app"],
      ["clima-app", "votaciones", "--check"],
      ["clima-app", "--check", "--keep"],
      ["clima-app", "--force"],
    ]) {
      const { code, err } = await run("rebuild", args, {});
      expect([args, code, err]).toEqual([args, 2, expect.stringContaining("--help tells more.")]);
    }
    const help = await run("rebuild", ["--help"], {});
    expect([help.code, help.out]).toEqual([0, expect.stringContaining("bun run rebuild")]);
  }, 30_000);
});
