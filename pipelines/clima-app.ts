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
import { jsonFields } from "../lib/pipeline/json-fields.ts";
import type { KeyQuery } from "../lib/pipeline/key-query.ts";
import { labels } from "../lib/pipeline/labels.ts";
import type { Operation } from "../lib/pipeline/operation.ts";
import { pipeline } from "../lib/pipeline/pipeline.ts";
import { slug } from "../lib/pipeline/slug.ts";
import { foldTotals, totalsState } from "./weather/totals.ts";
import { weatherView } from "./weather/view.ts";

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
  sample: { municipality: "guatemala", temperature: 25, humidity: 60, weather: "sunny" },
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
      const fields = jsonFields(json);
      return create(WeatherTweetRequestSchema, {
        municipality: municipalities.valueOf(fields.value("municipio")),
        temperature: fields.whole("temperatura", -50, 60),
        humidity: fields.whole("humedad", 0, 100),
        weather: weathers.valueOf(fields.value("clima")),
      });
    },
  },
  fold,
  state: [...municipalities.names.flatMap(keysOf), ...totalsState(municipalities.names)],
  view: weatherView({
    title: { en: "Weather tweets", es: "Tweets del clima" },
    stats: municipalities.names.map((label) => ({ key: `stats:${slug(label)}`, label })),
    reports: municipalities.names.map((label) => ({ key: `clima:${slug(label)}`, label })),
  }),
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
          station: "proxy",
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
      next: [
        {
          lane: "writer",
          station: "writer",
          via: "grpc",
          method: sendTweet,
          address: "http://localhost:50051",
        },
      ],
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
  const municipality = municipalities.nameOf(message.municipality);
  const weather = weathers.nameOf(message.weather);
  const place = slug(municipality);
  const ts = eventTimeMs(id);
  return [
    {
      op: "setHash",
      key: `municipality:${place}`,
      fields: { name: municipality, temperature, humidity, weather, last_update: dateTime(ts) },
      ttlMs: hourMs,
    },
    {
      op: "append",
      key: `clima:${place}`,
      fields: { ts, temperature, humidity, weather },
      maxLength: 1_000,
    },
    ...foldTotals({ municipality, weather, temperature, humidity }),
  ];
}

function keysOf(name: string): readonly KeyQuery[] {
  const place = slug(name);
  return [
    { key: `municipality:${place}`, kind: "hash" },
    { key: `clima:${place}`, kind: "stream", limit: 10 },
  ];
}

/** `YYYY-MM-DD HH:MM:SS` in UTC. */
function dateTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}
