import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf } from "../../lib/auth/api-key.ts";
import { jsonLines, run } from "../testing/run.ts";

const testMs = 30_000;

/** A folder for a keys file, which is not there yet. */
function place() {
  const dir = mkdtempSync(join(tmpdir(), "api-key-"));
  const file = join(dir, "keys");
  return {
    file,
    text: () => readFileSync(file, "utf8"),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}

const apiKey = (...args: readonly string[]) => run("api-key", args, {});
const sha256 = (key: string) => digestOf(key).toString("hex");

test(
  "api-key new writes the key and its line to the standard output, and what they are to people",
  async () => {
    const { code, out, err } = await apiKey("new", "web", "--rate", "50");
    const [key = "", line, ...rest] = out.split("\n");
    expect(code).toBe(0);
    expect(key).toMatch(/^tp_[\w-]{43}$/);
    expect([line, rest]).toEqual([`web ${sha256(key)} rate=50`, [""]]);
    expect(err).toContain("shown this once");
    expect(err).not.toContain(key);
  },
  testMs,
);

test(
  "api-key new --file adds the line to the file, which its owner alone may read, and leaves the key to the output",
  async () => {
    using at = place();
    const first = await apiKey("new", "web", "--file", at.file, "--until", "2099-01-31T12:00:00Z");
    expect([first.code, first.out]).toEqual([0, expect.stringMatching(/^tp_[\w-]{43}\n$/)]);
    expect(at.text()).toBe(`web ${sha256(first.out.trim())} until=2099-01-31T12:00:00Z\n`);
    expect(statSync(at.file).mode & 0o777).toBe(0o600);
    writeFileSync(at.file, `# ours\n${at.text().trim()}`);
    const second = await apiKey("new", "app", "--file", at.file, "--json");
    const [told] = jsonLines(second.out);
    const line = `app ${sha256(String(told?.key))}`;
    expect(told).toEqual({
      ...{ client: "app", key: told?.key, line },
      hint: sha256(String(told?.key)).slice(0, 8),
    });
    expect(at.text().split("\n")).toEqual(["# ours", expect.any(String), line, ""]);
    expect(at.text()).not.toContain("tp_");
  },
  testMs,
);

test(
  "api-key new leaves a file that has a fault, or would have one, as it is, and tells no key",
  async () => {
    using at = place();
    await apiKey("new", "web", "--file", at.file, "--rate", "5");
    const before = at.text();
    const other = await apiKey("new", "web", "--file", at.file, "--rate", "6");
    expect([other.code, other.out]).toEqual([1, ""]);
    expect(other.err).toContain("line 2 has another rate for web than line 1");
    expect(at.text()).toBe(before);
    writeFileSync(at.file, "web\n");
    const broken = await apiKey("new", "app", "--file", at.file);
    expect([broken.code, broken.out, at.text()]).toEqual([1, "", "web\n"]);
    expect(broken.err).toContain("line 1 has no SHA-256");
  },
  testMs,
);

test(
  "api-key ls lists clients, hints, rates and ends; api-key check says whether the file can be used",
  async () => {
    using at = place();
    const [a, b] = ["a".repeat(64), "b".repeat(64)];
    writeFileSync(at.file, `web ${a} rate=50\nold.app ${b} until=2020-01-01T00:00:00Z\n`);
    const { code, out } = await apiKey("ls", "--file", at.file);
    expect([code, out.split("\n")]).toEqual([
      0,
      [
        "CLIENT   HINT      RATE  UNTIL",
        "web      aaaaaaaa  50    -",
        "old.app  bbbbbbbb  -     2020-01-01T00:00:00Z (ended)",
        "",
      ],
    ]);
    const json = await apiKey("ls", "--file", at.file, "--json");
    expect(jsonLines(json.out)).toEqual([
      { client: "web", hint: "aaaaaaaa", rate: 50, ended: false },
      { client: "old.app", hint: "bbbbbbbb", until: "2020-01-01T00:00:00Z", ended: true },
    ]);
    const good = await apiKey("check", "--file", at.file);
    expect([good.code, good.out]).toEqual([
      0,
      `${at.file} has 2 keys of 2 clients and no fault.\n`,
    ]);
    writeFileSync(at.file, "# nobody\n");
    expect((await apiKey("check", "--file", at.file)).out).toContain(
      "every event would be refused",
    );
  },
  testMs,
);

test(
  "api-key names every fault of a file and exits 1, and what it does not understand and exits 2",
  async () => {
    using at = place();
    writeFileSync(at.file, `web\n\n-app ${"a".repeat(64)} rate=x\n`);
    for (const command of ["check", "ls"]) {
      const { code, out, err } = await apiKey(command, "--file", at.file);
      expect([code, out]).toEqual([1, ""]);
      expect(err.trim().split("\n")).toEqual([
        expect.stringContaining(`${at.file} line 1 has no SHA-256`),
        expect.stringContaining(`${at.file} line 3 has no client's name`),
        expect.stringContaining(`${at.file} line 3 has a rate that must be`),
      ]);
    }
    const gone = await apiKey("ls", "--file", `${at.file}.gone`);
    expect([gone.code, gone.err]).toEqual([1, expect.stringContaining("Cannot read the keys in")]);
    const odd = await apiKey("new", "two words", "--file", at.file);
    expect([odd.code, odd.err]).toEqual([2, expect.stringContaining("--help tells more.")]);
    const help = await apiKey("new", "--help");
    expect([help.code, help.out]).toEqual([0, expect.stringContaining("bun run api-key new")]);
    expect(existsSync(`${at.file}.gone`)).toBe(false);
  },
  testMs,
);
