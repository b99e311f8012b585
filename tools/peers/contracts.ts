import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { proyecto3 } from "../../pipelines/proyecto3.ts";
import { votaciones } from "../../pipelines/votaciones.ts";

/** What foreign gRPC programs are promised of one pipeline, to the letter. */
export interface Contract {
  readonly pipeline: AnyPipeline;
  readonly service: string;
  readonly method: string;
  /** A request as JSON, enums by name; HTTP doors take the same. */
  readonly request: object;
  /** The request as our doors hand it on. */
  readonly message: object;
  /** The gRPC door that hands on to brokers, and what it answers. */
  readonly door: { readonly station: string; readonly reply: object };
  /** A request that is refused, and every field that is named then. */
  readonly refused: { readonly request: object; readonly fields: readonly string[] };
  /** The station that takes HTTP and calls the next one by gRPC. */
  readonly hop: {
    readonly station: string;
    readonly path: string;
    /** How many servers it calls for one event. */
    readonly calls: number;
    readonly reply: object;
    /** Its environment, when all of them are one. */
    env(address: string): Readonly<Record<string, string>>;
  };
}

const tweet = { municipality: "guatemala", temperature: 25, humidity: 60, weather: "foggy" };
const tweetMessage = { municipality: 2, temperature: 25, humidity: 60, weather: 4 };
const badTweet = {
  request: { municipality: "municipalities_unknown", temperature: 61, humidity: 101 },
  fields: ["municipality", "temperature", "humidity", "weather"],
};
const vote = { name: "Los Fabulosos Cadillacs", album: "Rey Azúcar", year: "1995", rank: "1" };
const received = { status: "Tweet recibido y publicado ✅" };
const ok = { status: "ok" };
const sentToKafka = "Data received and sent to Kafka successfully";
const nextUrl = (address: string) => ({ NEXT_URL: address });

/** The three contracts. */
export const contracts: readonly Contract[] = [
  {
    pipeline: proyecto3,
    service: "wethertweet.WeatherTweetService",
    method: "SendTweet",
    request: tweet,
    message: tweetMessage,
    door: { station: "proyecto3/kafka-writer", reply: ok },
    refused: badTweet,
    hop: {
      station: "proyecto3/dispatcher",
      path: "/tweet",
      calls: 2,
      reply: ok,
      env: (address) => ({ KAFKA_WRITER_ADDR: address, RABBIT_WRITER_ADDR: address }),
    },
  },
  {
    pipeline: climaApp,
    service: "weathertweet.WeatherTweetService",
    method: "SendTweet",
    request: tweet,
    message: tweetMessage,
    door: { station: "clima-app/writer", reply: received },
    refused: badTweet,
    hop: {
      station: "clima-app/api",
      path: "/clima",
      calls: 1,
      reply: received,
      env: nextUrl,
    },
  },
  {
    pipeline: votaciones,
    service: "confproto.getInfo",
    method: "returnInfo",
    request: vote,
    message: vote,
    door: { station: "votaciones/grpc-writer", reply: { info: sentToKafka } },
    refused: { request: { name: "Soda Stereo", album: "" }, fields: ["album", "year", "rank"] },
    hop: {
      station: "votaciones/grpc-api",
      path: "/grpc/insert",
      calls: 1,
      reply: { message: sentToKafka },
      env: nextUrl,
    },
  },
];
