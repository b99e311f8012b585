import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { ConfigError } from "../config.ts";
import { until } from "../testing/until.ts";
import type { Authentication } from "./authentication.ts";
import { openAuthentication } from "./open-authentication.ts";
import { keptLog, keysFile, mountedKeys, testKey } from "./testing/keys.ts";

const everyMs = 20;

/** An authentication by a file, and what it said. */
async function open(file: string, more: { clock?: () => number; CLIENT_RATE?: number } = {}) {
  const { lines, log } = keptLog();
  const refused: string[] = [];
  const { CLIENT_RATE = 0, ...options } = more;
  const config = { API_KEYS_FILE: file, CLIENT_RATE };
  const onRefused = (reason: string) => refused.push(reason);
  const opened = await openAuthentication(config, { log, onRefused, everyMs, ...options });
  if (opened === undefined) throw new Error("Cannot test: nothing was opened");
  return { lines, refused, ...opened, who: (key: string | undefined) => who(opened, key) };
}

/** The client whom a key is, or why nobody is let in. */
function who({ admit }: Authentication, key: string | undefined): string {
  const authorization = key === undefined ? undefined : `Bearer ${key}`;
  const found = admit({ authorization, apiKey: null, door: "test", remote: () => "192.0.2.7" });
  return "kind" in found ? found.kind : found.client;
}

test("nothing is asked for where no file is set; a rate is of no use then", async () => {
  const { log } = keptLog();
  const options = { log, onRefused: () => {} };
  const config = { API_KEYS_FILE: undefined, CLIENT_RATE: 0 };
  expect(await openAuthentication(config, options)).toBeUndefined();
  const rated = openAuthentication({ ...config, CLIENT_RATE: 5 }, options);
  await expect(rated).rejects.toThrow(
    'CLIENT_RATE is of no use without API_KEYS_FILE: current value is "5"',
  );
});

test("a file that cannot be used at the start is a fault of the configuration, with every fault", async () => {
  using keys = keysFile("web", "-app rate=x");
  for (const [file, ...whys] of [
    [keys.file, "line 1 has no SHA-256", "line 2 has no client's name", "line 2 has no SHA-256"],
    [keys.dir, "cannot be read: it is no file"],
    [`${keys.file}.gone`, "cannot be read: ENOENT"],
  ] as const) {
    const failed = await open(file).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ConfigError);
    for (const why of whys) expect(String(failed)).toContain(`API_KEYS_FILE "${file}" ${why}`);
  }
  writeFileSync(keys.file, " ".repeat(1_048_577));
  await expect(open(keys.file)).rejects.toThrow("must have at most 1048576 bytes");
});

test("a file without a key refuses everybody, and that is said", async () => {
  using keys = keysFile("# nobody yet");
  using at = await open(keys.file);
  expect(at.who(testKey("web").key)).toBe("unauthenticated");
  expect(at.lines).toMatchObject([
    { level: "warn", message: "API_KEYS_FILE holds no key: every event is refused" },
  ]);
});

test("a key is its client until it ends", async () => {
  const [web, ended] = [testKey("web"), testKey("app", "until=2027-01-31T12:00:00Z")];
  using keys = keysFile(web.line, ended.line);
  let nowMs = Date.UTC(2027, 0, 31, 11, 59, 59, 999);
  using at = await open(keys.file, { clock: () => nowMs });
  expect([at.who(web.key), at.who(ended.key)]).toEqual(["web", "app"]);
  nowMs += 1;
  expect([at.who(web.key), at.who(ended.key)]).toEqual(["web", "unauthenticated"]);
  expect(at.who(`${web.key}x`)).toBe("unauthenticated");
  expect(at.who(web.key.slice(0, -1))).toBe("unauthenticated");
  expect(at.who(web.digest)).toBe("unauthenticated");
  expect(at.who(undefined)).toBe("unauthenticated");
  expect(at.refused).toEqual(Array.from({ length: 5 }, () => "unauthenticated"));
});

describe("while it runs", () => {
  for (const kind of ["replaced", "swapped by its mount"] as const) {
    test(`a file that is ${kind}: a new key works, one that is gone works no longer, one that stayed always does`, async () => {
      const [old, next, other] = [testKey("web"), testKey("web"), testKey("app")];
      using keys = keysFile(old.line, other.line);
      using mount = mountedKeys(old.line, other.line);
      const [file, put] =
        kind === "replaced" ? [keys.file, keys.replace] : [mount.file, mount.swap];
      using at = await open(file);
      const all = () => [old, next, other].map(({ key }) => at.who(key));
      expect(all()).toEqual(["web", "unauthenticated", "app"]);
      put(old.line, next.line, other.line);
      await until("the new key to work", () => at.who(next.key) === "web");
      expect(all()).toEqual(["web", "web", "app"]);
      put(next.line, other.line);
      await until("the old key to go", () => at.who(old.key) === "unauthenticated");
      expect(all()).toEqual(["unauthenticated", "web", "app"]);
      const told = at.lines.filter(({ message }) => message.startsWith("events are taken"));
      expect(told.map(({ keys: count }) => count)).toEqual([2, 3, 2]);
    });
  }

  test("a file that is broken or gone leaves the keys as they were, and says so once for each change", async () => {
    const [web, app] = [testKey("web"), testKey("app")];
    using keys = keysFile(web.line);
    using at = await open(keys.file);
    const errors = () => at.lines.filter(({ level }) => level === "error");
    keys.replace(app.line, "web");
    await until("the fault to be told", () => errors().length === 1);
    expect([at.who(web.key), at.who(app.key)]).toEqual(["web", "unauthenticated"]);
    keys.replace(app.line, "", "web");
    await until("the other fault to be told", () => errors().length === 2);
    keys[Symbol.dispose]();
    await until("the loss to be told", () => errors().length === 3);
    expect(at.who(web.key)).toBe("web");
    expect(errors().map(({ faults }) => String(faults).slice(0, 16))).toEqual([
      "line 2 has no SH",
      "line 3 has no SH",
      "cannot be read: ",
    ]);
  });

  test("a rate that changes holds as soon as the file is read", async () => {
    const { key, digest } = testKey("web");
    using keys = keysFile(`web ${digest} rate=1`);
    using at = await open(keys.file);
    expect([at.who(key), at.who(key)]).toEqual(["web", "overloaded"]);
    keys.replace(`web ${digest}`);
    await until("the rate to go", () => at.who(key) === "web" && at.who(key) === "web");
  });
});

test("each client has its own rate, the file's or CLIENT_RATE, whatever key it takes", async () => {
  const [a, b] = [testKey("web"), testKey("web", "rate=10")];
  const [plain, free] = [testKey("app"), testKey("batch", "rate=0")];
  using keys = keysFile(a.line, b.line, plain.line, free.line);
  using at = await open(keys.file, { CLIENT_RATE: 5 });
  const taken = (...order: readonly { readonly key: string }[]) =>
    order.map(({ key }) => at.who(key));
  expect(taken(a, b, a, b)).toEqual(["web", "web", "overloaded", "overloaded"]);
  expect(taken(plain, plain)).toEqual(["app", "overloaded"]);
  expect(taken(free, free, free, free)).toEqual(["batch", "batch", "batch", "batch"]);
  expect(at.refused).toEqual(["client-rate", "client-rate", "client-rate"]);
});

test("a process with nothing else to do is not kept alive by the file", async () => {
  using keys = keysFile(testKey("web").line);
  const child = Bun.spawn(
    [
      ...[process.execPath, "-e"],
      `import { openAuthentication } from "${import.meta.dir}/open-authentication.ts";
       import { silentLog as log } from "${import.meta.dir}/../log.ts";
       await openAuthentication({ API_KEYS_FILE: "${keys.file}", CLIENT_RATE: 0 }, { log, onRefused() {} });`,
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  expect(await child.exited).toBe(0);
});
