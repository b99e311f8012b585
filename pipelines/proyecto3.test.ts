import { describe, expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import {
  Municipalities,
  Weathers,
  WeatherTweetRequestSchema,
} from "../gen/wethertweet/wethertweet_pb.ts";
import { parseEventId } from "../lib/event/event-id.ts";
import { proyecto3 } from "./proyecto3.ts";

const tweet = create(WeatherTweetRequestSchema, {
  municipality: Municipalities.chinautla,
  temperature: 31,
  humidity: 70,
  weather: Weathers.foggy,
});

describe("proyecto3's broker message", () => {
  test("is JSON with lower-case enum names", () => {
    expect(proyecto3.broker.encode(tweet)).toEqual({
      municipality: "chinautla",
      temperature: 31,
      humidity: 70,
      weather: "foggy",
    });
  });

  test("is read back as it was written, unknown for 0", () => {
    for (const number of [0, 1, 2, 3, 4]) {
      const message = create(WeatherTweetRequestSchema, {
        ...tweet,
        municipality: number,
        weather: number,
      });
      expect(proyecto3.broker.decode(proyecto3.broker.encode(message))).toEqual(message);
    }
    const unknown = { municipality: "unknown", temperature: 1, humidity: 2, weather: "unknown" };
    expect(proyecto3.broker.encode(proyecto3.broker.decode(unknown))).toEqual(unknown);
  });

  test("that cannot be read is refused with field and value", () => {
    const json = proyecto3.broker.encode(tweet);
    const refused = (change: object) => () => proyecto3.broker.decode({ ...json, ...change });
    expect(refused({ weather: "windy" })).toThrow("weather must be one of unknown, sunny");
    expect(refused({ humidity: 101 })).toThrow("humidity must be a whole number from 0 to 100");
    expect(refused({ temperature: undefined })).toThrow("current value is undefined");
  });
});

describe("proyecto3's Valkey keys", () => {
  // 2026-01-02T03:04:05.000Z, and half of a millisecond by the bits that follow.
  const id = parseEventId("019b7ca9-8c88-7800-8000-000000000000");
  if (id === undefined) throw new Error("Cannot test: the id is no UUIDv7");
  const operations = proyecto3.fold({ id, message: tweet });

  test("counters of municipality and weather", () => {
    expect(operations).toContainEqual({ op: "count", key: "municipality:chinautla" });
    expect(operations).toContainEqual({ op: "count", key: "weather:foggy" });
  });

  test("tweet:<unixnano> holds the JSON for an hour", () => {
    expect(operations).toContainEqual({
      op: "setValue",
      key: "tweet:1767323045000500000",
      value: '{"municipality":"chinautla","temperature":31,"humidity":70,"weather":"foggy"}',
      ttlMs: 3_600_000,
    });
  });

  test("bounded lists of temperature and humidity live for a day", () => {
    const series = { op: "push", maxLength: 10_000, ttlMs: 86_400_000 } as const;
    expect(operations).toContainEqual({ ...series, key: "temperature:chinautla", value: 31 });
    expect(operations).toContainEqual({ ...series, key: "humidity:chinautla", value: 70 });
  });

  test("the aggregates behind dashboards: count, sum, least and greatest, weather by municipality", () => {
    for (const operation of [
      { op: "count", key: "total" },
      { op: "countField", key: "reports:municipality", field: "chinautla" },
      { op: "countField", key: "stats:chinautla", field: "weather:foggy" },
      { op: "sum", key: "stats:chinautla", field: "humidity_sum", value: 70 },
      { op: "min", key: "extremes", field: "temperature_min", value: 31 },
      { op: "max", key: "extremes", field: "humidity_max", value: 70 },
    ]) {
      expect(operations).toContainEqual(operation as never);
    }
  });

  test("are all shown in the state, but the tweets, whose number has no end", () => {
    const shown = new Set(proyecto3.state.map(({ key }) => key));
    const hidden = operations.map(({ key }) => key).filter((key) => !shown.has(key));
    expect(hidden).toEqual(["tweet:1767323045000500000"]);
  });
});
