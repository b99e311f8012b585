import { describe, expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { requestIdSchema } from "../gen/confproto/confproto_pb.ts";
import { newEventId } from "../lib/event/event-id.ts";
import { votaciones } from "./votaciones.ts";

const vote = create(requestIdSchema, {
  name: "Soda Stereo",
  album: "Canción Animal",
  year: "1990",
  rank: "3",
});

describe("votaciones' broker message", () => {
  test("is JSON of four strings", () => {
    expect(votaciones.broker.encode(vote)).toEqual({
      name: "Soda Stereo",
      album: "Canción Animal",
      year: "1990",
      rank: "3",
    });
  });

  test("has the rank as key, and is spread over the partitions all the same", () => {
    expect(votaciones.broker.key?.(vote)).toBe("3");
    expect(votaciones.broker).toMatchObject({ topic: "topic-sopes1", spread: true, partitions: 5 });
  });

  test("is read with numbers taken as strings", () => {
    const json = { name: "Soda Stereo", album: "Canción Animal", year: 1990, rank: 3 };
    expect(votaciones.broker.decode(json)).toEqual(vote);
  });

  test("that lacks a field, or has one of another type, is refused with its name", () => {
    const json = votaciones.broker.encode(vote);
    const refused = (change: object) => () => votaciones.broker.decode({ ...json, ...change });
    expect(refused({ album: undefined })).toThrow("album must be a text of 1 to 256 characters");
    expect(refused({ rank: null })).toThrow("current value is null");
    expect(refused({ name: "" })).toThrow("name must be a text");
    expect(refused({ year: "1".repeat(257) })).toThrow("year must be a text");
  });
});

test("votaciones' Valkey keys: total, bands, votes per band and per album", () => {
  expect(votaciones.fold({ id: newEventId(), message: vote })).toEqual([
    { op: "count", key: "total" },
    {
      op: "countField",
      key: "bands",
      field: "Canción Animal (1990) - (Soda Stereo) : No:3",
    },
    { op: "countField", key: "votos_banda", field: "Soda Stereo" },
    { op: "countField", key: "votos_album", field: "Canción Animal" },
  ]);
  const keys = votaciones.state.map(({ key }) => key);
  expect(keys).toEqual(["total", "bands", "votos_banda", "votos_album"]);
});

test("votaciones' log: collection bands, with name, album, year and rank", () => {
  expect(votaciones.log?.collection).toBe("bands");
  expect(votaciones.log?.record({ id: newEventId(), message: vote })).toEqual({
    name: "Soda Stereo",
    album: "Canción Animal",
    year: "1990",
    rank: "3",
  });
});
