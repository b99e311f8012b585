import { create } from "@bufbuild/protobuf";
import {
  Municipalities,
  Weathers,
  type WeatherTweetRequest,
  WeatherTweetRequestSchema,
  WeatherTweetService,
} from "../gen/weathertweet/weathertweet_pb.ts";
import type { PipelineEvent } from "../lib/event/event.ts";
import { eventTimeMs } from "../lib/event/event-id.ts";
import type { KeyQuery } from "../lib/pipeline/key-query.ts";
import { labels } from "../lib/pipeline/labels.ts";
import type { Operation } from "../lib/pipeline/operation.ts";
import { pipeline } from "../lib/pipeline/pipeline.ts";
import { slug } from "../lib/pipeline/slug.ts";

const received = { status: "Tweet recibido y publicado ✅" };
const sendTweet = WeatherTweetService.method.sendTweet;
const hourMs = 3_600_000;

const municipalities = labels("municipio", {
  [Municipalities.municipalities_unknown]: ["Desconocido"],
  [Municipalities.mixco]: ["Mixco"],
  [Municipalities.guatemala]: ["Guatemala"],
  [Municipalities.amatitlan]: ["Amatitlán"],
  [Municipalities.chinautla]: ["Chinautla"],
});

const weathers = labels("clima", {
  [Weathers.weathers_unknown]: ["Desconocido"],
  [Weathers.sunny]: ["Soleado"],
  [Weathers.cloudy]: ["Nublado"],
  [Weathers.rainy]: ["Lluvioso"],
  // The reference writes foggy as "Ventoso" (windy); what it left on the brokers is read, never written.
  [Weathers.foggy]: ["Neblinoso", "Ventoso"],
});

/** Weather tweets: municipality, temperature, humidity, weather. */
export const climaApp = pipeline({
  name: "clima-app",
  message: WeatherTweetRequestSchema,
  broker: {
    topic: "clima",
    queue: "clima",
    encode: (tweet) => ({
      municipio: municipalities.nameOf(tweet.municipality),
      temperatura: tweet.temperature,
      humedad: tweet.humidity,
      clima: weathers.nameOf(tweet.weather),
    }),
    decode: (json) => {
      const fields = climaFields(json);
      return create(WeatherTweetRequestSchema, {
        municipality: municipalities.valueOf(fields.municipio),
        temperature: whole("temperatura", fields.temperatura, -50, 60),
        humidity: whole("humedad", fields.humedad, 0, 100),
        weather: weathers.valueOf(fields.clima),
      });
    },
  },
  fold,
  state: municipalities.names.flatMap(keysOf).concat([
    { key: "total", kind: "value" },
    { key: "reports:weather", kind: "hash" },
    { key: "reports:municipality", kind: "hash" },
    { key: "extremes", kind: "hash" },
  ]),
  stations: {
    api: {
      plays: "relay",
      http: {
        port: 8080,
        routes: [
          { kind: "event", path: "/clima", reply: { status: 200, json: received } },
          { kind: "text", path: "/", text: "hola" },
        ],
      },
      next: [
        {
          lane: "proxy",
          via: "grpc",
          method: sendTweet,
          address: "http://client-go-service:50052",
        },
      ],
      deadlineMs: 5_000,
    },
    proxy: {
      plays: "relay",
      http: {
        port: 8081,
        routes: [
          {
            kind: "event",
            path: "/tweet",
            reply: { status: 202, json: { status: "ok" } },
            words: {
              notJson: "bad json",
              wrongMethod: "use POST",
              downstream: { status: 502, title: "grpc error" },
            },
          },
          { kind: "text", path: "/health", text: "Estamos vivos, desde el client-go" },
        ],
      },
      grpc: { port: 50_052, rpcs: [{ method: sendTweet, reply: received }] },
      next: [{ lane: "writer", via: "grpc", method: sendTweet, address: "http://localhost:50051" }],
      deadlineMs: 3_000,
    },
    writer: {
      plays: "relay",
      grpc: {
        port: 50_051,
        rpcs: [{ method: sendTweet, reply: received, errorPrefix: "writer error" }],
      },
      next: [
        { lane: "kafka", via: "broker" },
        { lane: "rabbit", via: "broker" },
      ],
      deadlineMs: 3_000,
    },
    "kafka-consumer": {
      plays: "consumer",
      lane: "kafka",
      group: "clima-consumer-group",
      label: "Kafka",
    },
    "rabbit-consumer": {
      plays: "consumer",
      lane: "rabbit",
      group: "clima-consumer-group",
      label: "Rabbit",
    },
  },
});

function fold({ id, message }: PipelineEvent<WeatherTweetRequest>): readonly Operation[] {
  const { temperature, humidity } = message;
  const name = municipalities.nameOf(message.municipality);
  const weather = weathers.nameOf(message.weather);
  const place = slug(name);
  const stats = `stats:${place}`;
  const ts = eventTimeMs(id);
  return [
    {
      op: "setHash",
      key: `municipality:${place}`,
      fields: { name, temperature, humidity, weather, last_update: dateTime(ts) },
      ttlMs: hourMs,
    },
    {
      op: "append",
      key: `clima:${place}`,
      fields: { ts, temperature, humidity, weather },
      maxLength: 1_000,
    },
    { op: "count", key: "total" },
    { op: "countField", key: "reports:municipality", field: name },
    { op: "countField", key: "reports:weather", field: weather },
    { op: "countField", key: stats, field: "count" },
    { op: "countField", key: stats, field: `weather:${weather}` },
    ...measure(stats, "temperature", temperature),
    ...measure(stats, "humidity", humidity),
  ];
}

/** Sum, least and greatest of a measure, for one municipality and over all. */
function measure(stats: string, name: string, value: number): readonly Operation[] {
  return [
    { op: "sum", key: stats, field: `${name}_sum`, value },
    { op: "min", key: stats, field: `${name}_min`, value },
    { op: "max", key: stats, field: `${name}_max`, value },
    { op: "min", key: "extremes", field: `${name}_min`, value },
    { op: "max", key: "extremes", field: `${name}_max`, value },
  ];
}

function keysOf(name: string): readonly KeyQuery[] {
  const place = slug(name);
  return [
    { key: `municipality:${place}`, kind: "hash" },
    { key: `stats:${place}`, kind: "hash" },
    { key: `clima:${place}`, kind: "stream", limit: 10 },
  ];
}

/** `YYYY-MM-DD HH:MM:SS` in UTC. */
function dateTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}

interface ClimaFields {
  readonly municipio: unknown;
  readonly temperatura: unknown;
  readonly humedad: unknown;
  readonly clima: unknown;
}

function climaFields(json: unknown): ClimaFields {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new Error("must be a JSON object");
  }
  const { municipio, temperatura, humedad, clima } = json as Record<string, unknown>;
  return { municipio, temperatura, humedad, clima };
}

function whole(field: string, value: unknown, min: number, max: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
    throw new Error(
      `${field} must be a whole number from ${min} to ${max}: current value is ${JSON.stringify(value)}`,
    );
  }
  return value;
}
