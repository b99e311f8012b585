import { expect, test } from "bun:test";
import { newEventId } from "../../lib/event/event-id.ts";
import { goodBody, laptopWith } from "../testing/laptop-letters.ts";
import { jsonLines, run, startCommand } from "../testing/run.ts";
import { dlq, waiting } from "./testing/dlq.ts";

const testMs = 30_000;

test(
  "dlq ls lists the newest of all lanes first, with their reasons, and says how many wait",
  async () => {
    using place = await laptopWith([
      { ageMs: 7_200_000, error: "an old one" },
      { lane: "rabbit", reason: "refused", error: "no\u001b[31m room\nat all" },
      { lane: "rabbit", ageMs: 60_000 },
    ]);
    const { code, out } = await dlq(place, ["ls"]);
    expect(code).toBe(0);
    const lines = out.split("\n");
    expect(lines[0]).toMatch(/^ID +LANE +REASON/);
    expect(lines.slice(1, 4).map((line) => line.slice(0, 36))).toEqual(
      [1, 2, 0].map((at) => place.ids[at] as string),
    );
    expect(lines[1]).toContain("no\\u001b[31m room\\nat all");
    expect(out).toContain(`3 letters wait in laptop mode's folder ${place.dataDir}.`);
    expect((await dlq(place, ["ls", "--limit", "1"])).out).toContain("3 letters wait in");
  },
  testMs,
);

test(
  "dlq ls chooses by id, reason, age, lane and number",
  async () => {
    using place = await laptopWith([
      { ageMs: 7_200_000 },
      { ageMs: 600_000, reason: "late" },
      { lane: "rabbit", reason: "refused" },
    ]);
    const [old, late, refused] = place.ids;
    const chosen = async (...args: string[]) =>
      jsonLines((await dlq(place, ["ls", "--json", ...args])).out).map(({ id }) => id as never);
    expect(await chosen("--reason", "late")).toEqual([late] as never);
    expect(await chosen("--reason", "late", "--reason", "refused")).toEqual([
      late,
      refused,
    ] as never);
    expect(await chosen("--older-than", "1h")).toEqual([old] as never);
    expect(await chosen("--older-than", "5m", "--newer-than", "1h")).toEqual([late] as never);
    expect(await chosen("--lane", "rabbit")).toEqual([refused] as never);
    expect(await chosen("--pipeline", "votaciones")).toEqual([]);
    expect(await chosen("--id", old as string)).toEqual([old] as never);
    expect(await chosen("--limit", "2")).toEqual([refused, late] as never);
    const missing = await dlq(place, ["ls", "--id", newEventId()]);
    expect([missing.code, missing.err]).toEqual([
      1,
      expect.stringContaining("no such letter waits"),
    ]);
  },
  testMs,
);

test(
  "dlq show tells a letter whole, and never lets it write to the terminal",
  async () => {
    using place = await laptopWith([
      { body: '{"a":"\u001b]0;x\u0007"}', headers: { traceparent: "00-1\r\nx" } },
      { body: Uint8Array.of(0, 255, 1) },
    ]);
    const [first = "", binary = ""] = place.ids;
    const { out, code } = await dlq(place, ["show", first]);
    expect(code).toBe(0);
    expect(out).toContain("reason       undecodable");
    expect(out).toContain("header       traceparent: 00-1\\r\\nx");
    expect(out).toContain('"a"');
    expect([..."\u0007\u001b\r"].filter((each) => out.includes(each))).toEqual([]);
    const [shown] = jsonLines((await dlq(place, ["show", binary, "--json"])).out);
    expect(shown).toMatchObject({ id: binary, bodyBytes: 3, bodyBase64: "AP8B", attempts: 1 });
  },
  testMs,
);

test(
  "dlq redrive publishes the same bytes and headers under the same id, once",
  async () => {
    const body = Uint8Array.from({ length: 256 }, (_, i) => i);
    using place = await laptopWith([{ body, headers: { a: "1", país: "✅" } }, { lane: "rabbit" }]);
    const [id = ""] = place.ids;
    const dry = await dlq(place, ["redrive", "--all", "--dry-run"]);
    expect([dry.code, dry.out]).toEqual([0, "Would redrive 2.\n"]);
    expect([await waiting(place), await place.lane("kafka")]).toEqual([place.ids as never, []]);
    const done = await dlq(place, ["redrive", id]);
    expect([done.code, done.out]).toEqual([0, "1 redriven.\n"]);
    const [message] = await place.lane("kafka");
    expect([message?.id as string, message?.headers]).toEqual([id, { a: "1", país: "✅" }]);
    expect(Buffer.from(message?.body ?? [])).toEqual(Buffer.from(body));
    const again = await dlq(place, ["redrive", "--id", id]);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining(`Cannot find ${id}`)]);
    expect(await place.lane("kafka")).toHaveLength(1);
    expect(await waiting(place)).toEqual(place.ids.slice(1) as never);
  },
  testMs,
);

test(
  "dlq drop takes letters out, without an effect",
  async () => {
    using place = await laptopWith([{}, { reason: "late" }, { lane: "rabbit" }]);
    expect((await dlq(place, ["drop", "--reason", "undecodable", "--dry-run"])).out).toBe(
      "Would drop 2.\n",
    );
    const { out } = await dlq(place, ["drop", "--reason", "undecodable", "--json"]);
    expect(jsonLines(out)).toEqual(
      [place.ids[0], place.ids[2]].map((id, at) => ({
        ...{ id, pipeline: "clima-app", lane: at === 0 ? "kafka" : "rabbit", outcome: "dropped" },
      })) as never,
    );
    expect(await waiting(place)).toEqual([place.ids[1] as never]);
    expect(await place.lane("kafka")).toEqual([]);
  },
  testMs,
);

test(
  "dlq redrive refuses what stays late or in conflict without --new-id, and what was cut",
  async () => {
    const large = Buffer.alloc(600_000, "x");
    using place = await laptopWith([
      { reason: "late", body: goodBody },
      { reason: "conflict", body: goodBody },
      { reason: "undecodable", body: large },
    ]);
    const refused = await dlq(place, ["redrive", "--all"]);
    expect([refused.code, refused.out]).toEqual([1, "3 refused.\n"]);
    expect(refused.err).toContain("under its id it stays late");
    expect(refused.err).toContain("under its id it stays in conflict");
    expect(refused.err).toContain("of 600000 bytes 524288 are here");
    expect(await waiting(place)).toHaveLength(3);
    const renewed = await dlq(place, ["redrive", "--all", "--new-id"]);
    expect([renewed.code, renewed.out]).toEqual([1, "2 redriven, 1 refused.\n"]);
    const sent = await place.lane("kafka");
    expect(sent.map(({ body }) => Buffer.from(body).toString())).toEqual([goodBody, goodBody]);
    expect(sent.some(({ id }) => place.ids.includes(id as never))).toBe(false);
    expect(await waiting(place)).toEqual([place.ids[2] as never]);
  },
  testMs,
);

test(
  "dlq that is not understood does nothing and exits 2, and helps where it is asked to",
  async () => {
    using place = await laptopWith([{}]);
    for (const args of [["redrive"], ["sideways"], ["ls", "--all"]]) {
      const { code, err, out } = await dlq(place, args);
      expect([args, code, out]).toEqual([args, 2, ""]);
      expect(err).toContain("--help tells more.");
    }
    expect(await waiting(place)).toEqual(place.ids as never);
    const help = await run("dlq", ["redrive", "--help"], {});
    expect([help.code, help.out]).toEqual([0, expect.stringContaining("bun run dlq redrive")]);
  },
  testMs,
);

test(
  "dlq redrive that is interrupted leaves every letter as it was or redriven",
  async () => {
    using place = await laptopWith(Array.from({ length: 400 }, () => ({ body: goodBody })));
    const child = startCommand(
      "dlq",
      ["redrive", "--all", "--json", "--data-dir", place.dataDir],
      {},
    );
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    child.kill("SIGINT");
    let out = new TextDecoder().decode(value);
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      out += new TextDecoder().decode(read.value);
    }
    expect([0, 130]).toContain(await child.exited);
    const told = jsonLines(out).map(({ id }) => id as string);
    const left = await waiting(place);
    expect(new Set([...told, ...left])).toEqual(new Set(place.ids as readonly string[]));
    expect(told.length + left.length).toBe(400);
    expect((await place.lane("kafka")).map(({ id }) => id as string)).toEqual(told);
    await dlq(place, ["redrive", "--limit", "400"]);
    expect(await place.lane("kafka")).toHaveLength(400);
  },
  testMs,
);
