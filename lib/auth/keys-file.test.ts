import { describe, expect, test } from "bun:test";
import { digestOf, hintOf, newApiKey } from "./api-key.ts";
import { instantMs, parseKeysFile } from "./keys-file.ts";
import { testKey } from "./testing/keys.ts";

const [one, two, three] = ["a", "b", "c"].map((digit) => digit.repeat(64));

test("a key is 256 random bits behind a mark, and what is kept of it is its SHA-256", () => {
  const key = newApiKey();
  expect(key).toMatch(/^tp_[\w-]{43}$/);
  expect(newApiKey()).not.toBe(key);
  expect(digestOf(key)).toEqual(new Bun.CryptoHasher("sha256").update(key).digest());
  expect(hintOf(digestOf(key))).toBe(digestOf(key).toString("hex").slice(0, 8));
});

test("a line is a client, a digest, a rate and an end; comments and blank lines are none", () => {
  const text = `# who may send
clima-web ${one} rate=200 until=2027-01-31T12:00:00Z

clima-web ${two?.toUpperCase()}   # the next one
load.test_1\t${three} until=2027-01-31T12:00:00.5+02:00 rate=0\r
`;
  expect(parseKeysFile(text)).toEqual({
    faults: [],
    keys: [
      {
        ...{ line: 2, client: "clima-web", digest: one ?? "", ratePerSecond: 200 },
        untilMs: Date.UTC(2027, 0, 31, 12),
      },
      {
        ...{ line: 4, client: "clima-web", digest: two ?? "" },
        ...{ ratePerSecond: undefined, untilMs: undefined },
      },
      {
        ...{ line: 5, client: "load.test_1", digest: three ?? "", ratePerSecond: 0 },
        untilMs: Date.UTC(2027, 0, 31, 10, 0, 0, 500),
      },
    ],
  });
});

test("a file without a key has no fault", () => {
  for (const text of ["", "\n\n", "# nobody\n"]) {
    expect(parseKeysFile(text)).toEqual({ keys: [], faults: [] });
  }
});

describe("every fault is named by its line", () => {
  const faults = (...lines: readonly string[]) => parseKeysFile(lines.join("\n")).faults;

  test.each([
    [`-web ${one}`, "has no client's name first"],
    [`${"w".repeat(65)} ${one}`, "has no client's name first"],
    [`wéb ${one}`, "has no client's name first"],
    ["web", "has no SHA-256 behind the client"],
    [`web ${one}0`, "has no SHA-256 behind the client"],
    [`web ${one?.slice(1)}g`, "has no SHA-256 behind the client"],
    [`web ${one} 5`, "that is neither rate=… nor until=…"],
    [`web ${one} burst=5`, "that is neither rate=… nor until=…"],
    [`web ${one} rate=5 rate=5`, "has rate= more than once"],
    [`web ${one} rate=`, 'from 0 to 1000000: current value is ""'],
    [`web ${one} rate=1e3`, 'current value is "1e3"'],
    [`web ${one} rate=1000001`, 'current value is "1000001"'],
    [`web ${one} rate=-1`, 'current value is "-1"'],
    [`web ${one} until=tomorrow`, 'such as 2027-01-31T12:00:00Z: current value is "tomorrow"'],
    [`web ${one} until=2027-02-30T00:00:00Z`, 'current value is "2027-02-30T00:00:00Z"'],
    [`web ${one} until=2027-01-31T12:00:00`, 'current value is "2027-01-31T12:00:00"'],
  ])("%s", (line, why) => {
    const [fault, ...more] = faults("# above", line);
    expect(more).toEqual([]);
    expect(fault).toStartWith("line 2 ");
    expect(fault).toContain(why);
  });

  test("several in one line, and lines against each other", () => {
    expect(faults("-web xyz rate=fast")).toHaveLength(3);
    expect(faults(`web ${one}`, "", `app ${one?.toUpperCase()}`)).toEqual([
      "line 3 has the key of line 1 again",
    ]);
    expect(faults(`web ${one} rate=5`, `web ${two}`, `web ${three} rate=6`)).toEqual([
      "line 3 has another rate for web than line 1: current values are 6 and 5",
    ]);
    expect(faults(`web ${one} rate=5`, `web ${two} rate=5`)).toEqual([]);
  });

  test("a key itself is not repeated", () => {
    const { key } = testKey("web");
    for (const line of [`web ${key}`, `${key} ${one}`, `web ${one} until=${key}`]) {
      const found = faults(line);
      expect(found).toHaveLength(1);
      expect(found[0]).toContain("line 1 holds a key itself");
      expect(found[0]).not.toContain(key);
    }
  });

  test("a hundred of them, then how many more; a file has 10,000 keys at most", () => {
    const many = faults(...Array.from({ length: 250 }, () => "web"));
    expect(many).toHaveLength(101);
    expect(many.at(-1)).toBe("and 150 more faults");
    const digests = Array.from({ length: 10_001 }, (_, at) => at.toString(16).padStart(64, "0"));
    expect(faults(...digests.map((digest) => `web ${digest}`))).toEqual([
      "must hold at most 10000 keys: current value is 10001",
    ]);
  });
});

test("times are RFC 3339's alone", () => {
  expect(instantMs("2028-02-29t23:59:59z")).toBe(Date.UTC(2028, 1, 29, 23, 59, 59));
  for (const text of ["2027-02-29T00:00:00Z", "2027-01-01", "2027-01-01T24:00:00Z", "0"]) {
    expect(instantMs(text)).toBeUndefined();
  }
});
