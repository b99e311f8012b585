import { describe, expect, test } from "bun:test";
import { create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import {
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import { WeatherTweetRequestSchema } from "../../gen/weathertweet/weathertweet_pb.ts";
import { jsonDecoder } from "./decode-json.ts";
import { tweet } from "./testing/clima-door.ts";

const utf8 = new TextEncoder();
const decodeTweet = jsonDecoder(WeatherTweetRequestSchema);
const decode = (body: unknown) =>
  decodeTweet(utf8.encode(typeof body === "string" ? body : JSON.stringify(body)));

/** The names of the faulty fields. */
function faulty(body: unknown): readonly string[] {
  const decoded = decode(body);
  return decoded.kind === "faults" ? decoded.faults.map(({ field }) => field) : [decoded.kind];
}

/** A message with a field of each kind, in the order given. */
function messageOf(kinds: Record<string, Type>, label = Label.OPTIONAL): DescMessage {
  const field = Object.entries(kinds).map(([name, type], index) => ({
    name,
    type,
    label,
    number: index + 1,
  }));
  const file = create(FileDescriptorProtoSchema, {
    name: "kinds.proto",
    package: "kinds",
    syntax: "proto3",
    messageType: [{ name: "Kinds", field }],
  });
  const found = createFileRegistry(file, () => undefined).getMessage("kinds.Kinds");
  if (found === undefined) throw new Error("Cannot find kinds.Kinds: it was not built");
  return found;
}

test("a tweet with numbers, with names, with names in any case and without accents is the same", () => {
  const expected = { kind: "message", message: expect.objectContaining(tweet) };
  for (const [municipality, weather] of [
    [2, 1],
    ["guatemala", "sunny"],
    ["GUATEMALA", "Sunny"],
    ["Guatémala", "sunný"],
  ]) {
    expect(decode({ ...tweet, municipality, weather })).toEqual(expected as never);
  }
});

test("2.0 is 2 and -0 is 0", () => {
  const decoded = decode('{"municipality":2.0,"temperature":-0,"humidity":6e1,"weather":1}');
  expect(decoded).toMatchObject({ message: { municipality: 2, temperature: 0, humidity: 60 } });
});

describe("what is not JSON", () => {
  for (const [name, body] of Object.entries({
    "an empty body": "",
    "a cut body": '{"municipality":2',
    "a byte order mark": `\uFEFF${JSON.stringify(tweet)}`,
    NaN: '{"temperature":NaN}',
    "a trailing comma": '{"temperature":1,}',
    "single quotes": "{'temperature':1}",
    "deep nesting that is not closed": "[".repeat(65_000),
  })) {
    test(`${name} is told so`, () => expect(decode(body).kind).toBe("notJson"));
  }

  test("invalid UTF-8 is told so", () => {
    expect(decodeTweet(Uint8Array.of(0x7b, 0xff, 0x7d)).kind).toBe("notJson");
  });
});

describe("what is JSON and no object", () => {
  for (const body of [
    "null",
    "[]",
    "1",
    '"text"',
    "true",
    `${"[".repeat(9_000)}${"]".repeat(9_000)}`,
  ]) {
    test(`${body.slice(0, 10)} is a fault of the whole body`, () =>
      expect(faulty(body)).toEqual([""]));
  }
});

describe("strict types", () => {
  for (const value of [
    '"25"',
    "25.5",
    "null",
    "1e400",
    "2147483648",
    "-2147483649",
    "true",
    "[]",
    "{}",
  ]) {
    test(`${value} is no temperature`, () => {
      const body = `{"municipality":2,"temperature":${value},"humidity":60,"weather":1}`;
      expect(faulty(body)).toEqual(["temperature"]);
    });
  }

  for (const value of [0, 5, -1, 1.5, "hail", "unknown", "weathers_unknown", "1", "", null, true]) {
    test(`${JSON.stringify(value)} is no weather`, () =>
      expect(faulty({ ...tweet, weather: value })).toEqual(["weather"]));
  }
});

test("ranges end where the proto says", () => {
  expect(faulty({ ...tweet, temperature: -50, humidity: 0 })).toEqual(["message"]);
  expect(faulty({ ...tweet, temperature: 60, humidity: 100 })).toEqual(["message"]);
  expect(faulty({ ...tweet, temperature: -51, humidity: -1 })).toEqual(["temperature", "humidity"]);
  expect(faulty({ ...tweet, temperature: 61, humidity: 101 })).toEqual(["temperature", "humidity"]);
});

test("faults of types, of rules, of missing and of extra fields are named together", () => {
  expect(faulty({ municipality: 0, temperature: "25", humidity: 101, wind: 3 }).toSorted()).toEqual(
    ["humidity", "municipality", "temperature", "weather", "wind"],
  );
});

test("a field that stands twice is named, also where one of the names is escaped", () => {
  const twice = '{"municipality":2,"temperature":25,"humidity":60,"weather":1,"\\u0077eather":2}';
  expect(faulty(twice)).toEqual(["weather"]);
  expect(
    faulty('{"a\\\\":1,"a\\\\":2,"municipality":2,"temperature":25,"humidity":6,"weather":1}'),
  ).toEqual(["a\\", "a\\"]);
});

test("__proto__ is a field like any other that is not ours", () => {
  const body = '{"__proto__":{"temperature":1},"municipality":2,"humidity":60,"weather":1}';
  expect(faulty(body)).toEqual(["temperature", "__proto__"]);
});

test("what is repeated of the input is short, and the faults are at most a hundred and one", () => {
  const long = "x".repeat(10_000);
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, 1]));
  const texts = [decode({ ...tweet, temperature: long }), decode({ [long]: 1 }), decode(many)];
  for (const decoded of texts) expect(JSON.stringify(decoded).length).toBeLessThan(8_000);
  const decoded = decode(many);
  expect(decoded.kind === "faults" && decoded.faults.length).toBe(101);
});

describe("a message of strings", () => {
  const vote = jsonDecoder(
    messageOf({ name: Type.STRING, album: Type.STRING, year: Type.STRING, rank: Type.STRING }),
  );
  const decodeVote = (body: unknown) => vote(utf8.encode(JSON.stringify(body)));

  test("takes finite numbers as text", () => {
    const body = { name: "Queen", album: "Jazz", year: 1978, rank: 1.5 };
    expect(decodeVote(body)).toMatchObject({
      message: { name: "Queen", album: "Jazz", year: "1978", rank: "1.5" },
    });
  });

  test("takes no other kinds, and no text that has no UTF-8 form", () => {
    const decoded = decodeVote({ name: null, album: ["Jazz"], year: true, rank: "\ud800" });
    expect(decoded.kind === "faults" && decoded.faults.map(({ field }) => field)).toEqual([
      "name",
      "album",
      "year",
      "rank",
    ]);
  });
});

test("the other kinds of fields are as strict", () => {
  const decodeKinds = jsonDecoder(
    messageOf({ u: Type.UINT32, l: Type.INT64, d: Type.DOUBLE, b: Type.BOOL }),
  );
  const read = (text: string) => decodeKinds(utf8.encode(text));
  expect(read('{"u":4294967295,"l":9007199254740991,"d":0.5,"b":true}')).toMatchObject({
    message: { u: 4_294_967_295, l: 9_007_199_254_740_991n, d: 0.5, b: true },
  });
  const decoded = read('{"u":-1,"l":9007199254740992,"d":"0.5","b":1}');
  expect(decoded.kind === "faults" && decoded.faults.length).toBe(4);
});

test("a message that flat JSON cannot carry is refused at the start", () => {
  expect(() => jsonDecoder(messageOf({ list: Type.STRING }, Label.REPEATED))).toThrow(
    "Cannot read field kinds.Kinds.list from JSON",
  );
});
