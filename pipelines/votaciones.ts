import { create } from "@bufbuild/protobuf";
import { getInfo, type requestId, requestIdSchema } from "../gen/confproto/confproto_pb.ts";
import type { PipelineEvent } from "../lib/event/event.ts";
import { jsonFields } from "../lib/pipeline/json-fields.ts";
import type { Operation } from "../lib/pipeline/operation.ts";
import { pipeline } from "../lib/pipeline/pipeline.ts";

const returnInfo = getInfo.method.returnInfo;
const sentToKafka = "Data received and sent to Kafka successfully";

/** The most that a field may hold, in characters; the proto says the same of requests. */
const charsMax = 256;

/** Votes for a band's album, which come in by either of two routes. */
export const votaciones = pipeline({
  name: "votaciones",
  message: requestIdSchema,
  sample: { name: "The Beatles", album: "Abbey Road", year: "1969", rank: "1" },
  broker: {
    topic: "topic-sopes1",
    queue: "topic-sopes1",
    encode: ({ name, album, year, rank }) => ({ name, album, year, rank }),
    decode: (json) => {
      const fields = jsonFields(json);
      return create(requestIdSchema, {
        name: fields.text("name", charsMax),
        album: fields.text("album", charsMax),
        year: fields.text("year", charsMax),
        rank: fields.text("rank", charsMax),
      });
    },
    key: ({ rank }) => rank,
    // There are four ranks, and counting needs no order.
    spread: true,
    // One for each consumer at the autoscaler's most.
    partitions: 5,
    retentionMs: 7_200_000,
  },
  fold,
  state: [
    { key: "total", kind: "value" },
    { key: "bands", kind: "hash" },
    { key: "votos_banda", kind: "hash" },
    { key: "votos_album", kind: "hash" },
  ],
  log: {
    collection: "bands",
    record: ({ message: { name, album, year, rank } }) => ({ name, album, year, rank }),
  },
  view: {
    title: { en: "Votes for bands", es: "Votaciones por bandas" },
    panels: [
      { kind: "count", title: { en: "Total votes", es: "Total de votos" }, key: "total" },
      {
        kind: "counts",
        title: { en: "Votes per band", es: "Votos por banda" },
        key: "votos_banda",
        as: "pie",
        label: { en: "Band", es: "Banda" },
      },
      {
        kind: "counts",
        title: { en: "Votes per album", es: "Votos por álbum" },
        key: "votos_album",
        as: "bars",
        label: { en: "Album", es: "Álbum" },
      },
      {
        kind: "counts",
        title: { en: "Votes per album and rank", es: "Votos por álbum y puesto" },
        key: "bands",
        as: "bars",
        label: { en: "Album, band and rank", es: "Álbum, banda y puesto" },
      },
    ],
    log: {
      title: { en: "Mongo Last 20 Logs", es: "Mongo: últimos 20 registros" },
      columns: [
        { field: "name", title: { en: "Name", es: "Nombre" } },
        { field: "album", title: { en: "Album", es: "Álbum" } },
        { field: "year", title: { en: "Year", es: "Año" } },
        { field: "rank", title: { en: "Rank", es: "Puesto" } },
        { field: "date", title: { en: "Date", es: "Fecha" }, as: "time" },
      ],
    },
  },
  stations: {
    "rest-api": {
      plays: "relay",
      http: {
        port: 8_000,
        routes: [
          {
            kind: "event",
            path: "/rust/send_data",
            reply: { status: 200, text: "Data sent successfully!" },
          },
        ],
      },
      next: [
        {
          lane: "rest-writer",
          station: "rest-writer",
          via: "http",
          address: "http://localhost:8080/data",
        },
      ],
      deadlineMs: 5_000,
    },
    "rest-writer": {
      plays: "relay",
      http: {
        port: 8_080,
        routes: [
          { kind: "event", path: "/data", reply: { status: 200, json: { message: sentToKafka } } },
        ],
      },
      next: [{ lane: "kafka", via: "broker" }],
      deadlineMs: 5_000,
    },
    "grpc-api": {
      plays: "relay",
      http: {
        port: 3_000,
        routes: [
          {
            kind: "event",
            path: "/grpc/insert",
            reply: { status: 200, json: { message: sentToKafka } },
          },
          { kind: "text", path: "/grpc", text: "ok" },
        ],
      },
      next: [
        {
          lane: "grpc-writer",
          station: "grpc-writer",
          via: "grpc",
          method: returnInfo,
          address: "http://localhost:3001",
        },
      ],
      deadlineMs: 5_000,
    },
    "grpc-writer": {
      plays: "relay",
      grpc: { port: 3_001, rpcs: [{ method: returnInfo, reply: { info: sentToKafka } }] },
      next: [{ lane: "kafka", via: "broker" }],
      deadlineMs: 5_000,
    },
    consumer: { plays: "consumer", lane: "kafka", group: "consumer-group", label: "Kafka" },
  },
});

function fold({ message }: PipelineEvent<requestId>): readonly Operation[] {
  const { name, album, year, rank } = message;
  return [
    { op: "count", key: "total" },
    { op: "countField", key: "bands", field: `${album} (${year}) - (${name}) : No:${rank}` },
    { op: "countField", key: "votos_banda", field: name },
    { op: "countField", key: "votos_album", field: album },
  ];
}
