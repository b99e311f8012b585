import { create } from "@bufbuild/protobuf";
import {
  Municipalities,
  Weathers,
  type WeatherTweetRequest,
  WeatherTweetRequestSchema,
  WeatherTweetService,
} from "../gen/wethertweet/wethertweet_pb.ts";
import type { PipelineEvent } from "../lib/event/event.ts";
import { eventTimeMs, eventTimeNs } from "../lib/event/event-id.ts";
import { jsonFields } from "../lib/pipeline/json-fields.ts";
import type { KeyQuery } from "../lib/pipeline/key-query.ts";
import { labels } from "../lib/pipeline/labels.ts";
import type { Operation } from "../lib/pipeline/operation.ts";
import { pipeline } from "../lib/pipeline/pipeline.ts";
import type { EventRoute, TextRoute } from "../lib/pipeline/station.ts";
import { foldTotals, totalsState } from "./weather/totals.ts";
import { weatherView } from "./weather/view.ts";

const sendTweet = WeatherTweetService.method.sendTweet;
const received = { status: "ok" };
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** How many values a municipality's lists and stream keep. */
const seriesMax = 10_000;

const municipalities = labels("municipality", {
  [Municipalities.municipalities_unknown]: ["unknown"],
  [Municipalities.mixco]: ["mixco"],
  [Municipalities.guatemala]: ["guatemala"],
  [Municipalities.amatitlan]: ["amatitlan"],
  [Municipalities.chinautla]: ["chinautla"],
});

const weathers = labels("weather", {
  [Weathers.weathers_unknown]: ["unknown"],
  [Weathers.sunny]: ["sunny"],
  [Weathers.cloudy]: ["cloudy"],
  [Weathers.rainy]: ["rainy"],
  [Weathers.foggy]: ["foggy"],
});

const routes: readonly (EventRoute | TextRoute)[] = [
  { kind: "event", path: "/tweet", reply: { status: 200, json: received } },
  { kind: "text", path: "/health", text: "ok" },
];

/** Weather tweets, handed to a writer for each broker at the same time. */
export const proyecto3 = pipeline({
  name: "proyecto3",
  message: WeatherTweetRequestSchema,
  sample: { municipality: "guatemala", temperature: 25, humidity: 60, weather: "sunny" },
  broker: {
    topic: "weather-tweets",
    queue: "weather-tweets",
    encode,
    decode: (json) => {
      const fields = jsonFields(json);
      return create(WeatherTweetRequestSchema, {
        municipality: municipalities.valueOf(fields.value("municipality")),
        temperature: fields.whole("temperature", -50, 60),
        humidity: fields.whole("humidity", 0, 100),
        weather: weathers.valueOf(fields.value("weather")),
      });
    },
  },
  fold,
  state: [
    ...municipalities.names.flatMap(keysOf),
    ...weathers.names.map((name) => ({ key: `weather:${name}`, kind: "value" }) as const),
    ...totalsState(municipalities.names),
  ],
  view: weatherView({
    title: {
      en: "Weather tweets, a writer for each broker",
      es: "Tweets del clima, un escritor por broker",
    },
    stats: municipalities.names.map((label) => ({ key: `stats:${label}`, label })),
    reports: municipalities.names.map((label) => ({ key: `series:${label}`, label })),
  }),
  stations: {
    api: {
      plays: "relay",
      http: { port: 8_000, routes },
      next: [
        {
          lane: "dispatcher",
          station: "dispatcher",
          via: "http",
          address: "http://go-api-service:8080/tweet",
        },
      ],
      deadlineMs: 5_000,
    },
    dispatcher: {
      plays: "relay",
      http: { port: 8_080, routes },
      next: [
        {
          lane: "kafka",
          station: "kafka-writer",
          via: "grpc",
          method: sendTweet,
          address: "http://kafka-writer-service:50051",
        },
        {
          lane: "rabbit",
          station: "rabbit-writer",
          via: "grpc",
          method: sendTweet,
          address: "http://rabbit-writer-service:50052",
        },
      ],
      deadlineMs: 5_000,
    },
    "kafka-writer": {
      plays: "relay",
      grpc: { port: 50_051, rpcs: [{ method: sendTweet, reply: received }] },
      next: [{ lane: "kafka", via: "broker" }],
      deadlineMs: 5_000,
    },
    "rabbit-writer": {
      plays: "relay",
      grpc: { port: 50_052, rpcs: [{ method: sendTweet, reply: received }] },
      next: [{ lane: "rabbit", via: "broker" }],
      deadlineMs: 5_000,
    },
    "kafka-consumer": {
      plays: "consumer",
      lane: "kafka",
      group: "weather-consumer-group",
      label: "Kafka",
    },
    "rabbit-consumer": {
      plays: "consumer",
      lane: "rabbit",
      group: "weather-consumer-group",
      label: "Rabbit",
    },
  },
});

function encode({ municipality, temperature, humidity, weather }: WeatherTweetRequest) {
  return {
    municipality: municipalities.nameOf(municipality),
    temperature,
    humidity,
    weather: weathers.nameOf(weather),
  };
}

function fold({ id, message }: PipelineEvent<WeatherTweetRequest>): readonly Operation[] {
  const tweet = encode(message);
  const { municipality, temperature, humidity, weather } = tweet;
  const series = { maxLength: seriesMax, ttlMs: dayMs };
  return [
    { op: "count", key: `municipality:${municipality}` },
    { op: "count", key: `weather:${weather}` },
    {
      op: "setValue",
      key: `tweet:${eventTimeNs(id)}`,
      value: JSON.stringify(tweet),
      ttlMs: hourMs,
    },
    { op: "push", key: `temperature:${municipality}`, value: temperature, ...series },
    { op: "push", key: `humidity:${municipality}`, value: humidity, ...series },
    {
      op: "append",
      key: `series:${municipality}`,
      fields: { ts: eventTimeMs(id), temperature, humidity, weather },
      maxLength: seriesMax,
    },
    ...foldTotals(tweet),
  ];
}

function keysOf(name: string): readonly KeyQuery[] {
  return [
    { key: `municipality:${name}`, kind: "value" },
    { key: `temperature:${name}`, kind: "list", limit: 10 },
    { key: `humidity:${name}`, kind: "list", limit: 10 },
    { key: `series:${name}`, kind: "stream", limit: 10 },
  ];
}
