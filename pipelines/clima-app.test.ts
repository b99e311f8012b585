import { describe, expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import {
  Municipalities,
  Weathers,
  WeatherTweetRequestSchema,
} from "../gen/weathertweet/weathertweet_pb.ts";
import { newEventId } from "../lib/event/event-id.ts";
import { climaApp } from "./clima-app.ts";

const tweet = create(WeatherTweetRequestSchema, {
  municipality: Municipalities.amatitlan,
  temperature: 25,
  humidity: 60,
  weather: Weathers.foggy,
});

describe("the broker form", () => {
  test("is the reference's JSON, with foggy under its right name", () => {
    expect(climaApp.broker.encode(tweet)).toEqual({
      municipio: "Amatitlán",
      temperatura: 25,
      humedad: 60,
      clima: "Neblinoso",
    });
  });

  test("is read back as it was written, for every municipality and weather", () => {
    for (const municipality of [0, 1, 2, 3, 4]) {
      for (const weather of [0, 1, 2, 3, 4]) {
        const message = create(WeatherTweetRequestSchema, { ...tweet, municipality, weather });
        expect(climaApp.broker.decode(climaApp.broker.encode(message))).toEqual(message);
      }
    }
  });

  test("reads the reference's Ventoso as foggy", () => {
    const json = { municipio: "Mixco", temperatura: 1, humedad: 2, clima: "Ventoso" };
    expect(climaApp.broker.decode(json).weather).toBe(Weathers.foggy);
  });

  test("refuses what it cannot read, naming the field and the value", () => {
    const json = { municipio: "Mixco", temperatura: 1, humedad: 2, clima: "Soleado" };
    const refused = (change: object) => () => climaApp.broker.decode({ ...json, ...change });
    expect(refused({ municipio: "Antigua" })).toThrow(
      "municipio must be one of Desconocido, Mixco",
    );
    expect(refused({ clima: 3 })).toThrow("clima must be one of");
    expect(refused({ temperatura: "25" })).toThrow(
      'temperatura must be a whole number from -50 to 60: current value is "25"',
    );
    expect(refused({ humedad: 101 })).toThrow("humedad must be a whole number from 0 to 100");
    expect(() => climaApp.broker.decode([json])).toThrow("must be a JSON object");
    expect(() => climaApp.broker.decode(null)).toThrow("must be a JSON object");
  });
});

describe("the fold", () => {
  const id = newEventId(Date.UTC(2026, 0, 2, 3, 4, 5));
  const operations = climaApp.fold({ id, message: tweet });

  test("keeps the latest report of a municipality for an hour", () => {
    expect(operations).toContainEqual({
      op: "setHash",
      key: "municipality:amatitlan",
      fields: {
        name: "Amatitlán",
        temperature: 25,
        humidity: 60,
        weather: "Neblinoso",
        last_update: "2026-01-02 03:04:05",
      },
      ttlMs: 3_600_000,
    });
  });

  test("appends to the municipality's stream with the event's time", () => {
    expect(operations).toContainEqual({
      op: "append",
      key: "clima:amatitlan",
      fields: {
        ts: Date.UTC(2026, 0, 2, 3, 4, 5),
        temperature: 25,
        humidity: 60,
        weather: "Neblinoso",
      },
      maxLength: 1_000,
    });
  });

  test("writes only keys that the state shows", () => {
    const shown = new Set(climaApp.state.map(({ key }) => key));
    expect(operations.filter(({ key }) => !shown.has(key))).toEqual([]);
  });

  test("is the same for the same event", () => {
    expect(climaApp.fold({ id, message: tweet })).toEqual(operations);
  });
});
