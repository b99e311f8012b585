import { describe, expect, test } from "bun:test";
import { jsonDecoder } from "../lib/door/decode-json.ts";
import { newEventId } from "../lib/event/event-id.ts";
import type { AnyPipeline } from "../lib/pipeline/pipeline.ts";
import type { GrpcHop, HttpHop, RelayStation } from "../lib/pipeline/station.ts";
import { recordFault } from "../lib/store/log-record.ts";
import { pipelines } from "./all.ts";

const relaysOf = (pipeline: AnyPipeline) =>
  Object.values(pipeline.stations).filter((station) => station.plays === "relay");

/** Whether a hop's address is the door of the station that it names. */
function leadsToDoor(hop: GrpcHop | HttpHop, target: RelayStation): boolean {
  const { port, pathname } = new URL(hop.address);
  if (hop.via === "grpc") {
    const methods = target.grpc?.rpcs.map(({ method }) => method);
    return Number(port) === target.grpc?.port && methods?.includes(hop.method) === true;
  }
  const paths = target.http?.routes.flatMap((route) => (route.kind === "event" ? route.path : []));
  return Number(port) === target.http?.port && paths?.includes(pathname) === true;
}

/** The message that the pipeline's sample stands for. */
function sampleOf({ message, sample }: AnyPipeline) {
  const decoded = jsonDecoder(message)(Buffer.from(JSON.stringify(sample)));
  if (decoded.kind !== "message") throw new Error(`Cannot decode the sample: ${decoded.kind}`);
  return decoded.message;
}

test("names, topics, queues and log collections are no two pipelines'", () => {
  for (const of of [
    ({ name }: AnyPipeline) => name,
    ({ broker }: AnyPipeline) => broker.topic,
    ({ broker }: AnyPipeline) => broker.queue,
  ]) {
    expect(new Set(pipelines.map(of)).size).toBe(pipelines.length);
  }
  const collections = pipelines.flatMap(({ log }) => log?.collection ?? []);
  expect(new Set(collections).size).toBe(collections.length);
});

for (const pipeline of pipelines) {
  describe(pipeline.name, () => {
    test("hops lead to doors of stations that are there", () => {
      for (const { next } of relaysOf(pipeline)) {
        for (const hop of next) {
          if (hop.via === "broker") continue;
          const target = pipeline.stations[hop.station];
          expect(target?.plays).toBe("relay");
          if (target?.plays === "relay") expect(leadsToDoor(hop, target)).toBe(true);
        }
      }
    });

    test("every lane that is published to has a consumer, and no other", () => {
      const stops = relaysOf(pipeline).flatMap(({ next }) => next);
      const published = stops.flatMap((stop) => (stop.via === "broker" ? [stop.lane] : []));
      const consumed = Object.values(pipeline.stations).flatMap((station) =>
        station.plays === "consumer" ? [station.lane] : [],
      );
      expect([...new Set(published)].sort()).toEqual(consumed.sort());
    });

    test("the sample is read back from the brokers as it was written", () => {
      const message = sampleOf(pipeline);
      const json = JSON.parse(JSON.stringify(pipeline.broker.encode(message)));
      expect(pipeline.broker.decode(json)).toEqual(message);
    });

    test("the fold is the same for the same event", () => {
      const event = { id: newEventId(), message: sampleOf(pipeline) };
      expect(pipeline.fold(event)).toEqual(pipeline.fold(event));
      expect(pipeline.fold(event)).not.toEqual([]);
    });

    test("the record of the log, where there is one, is the same for the same event, and a log takes it", () => {
      if (pipeline.log === undefined) return;
      const event = { id: newEventId(), message: sampleOf(pipeline) };
      const record = pipeline.log.record(event);
      expect(pipeline.log.record(event)).toEqual(record);
      expect(recordFault(record)).toBeUndefined();
    });
  });
}
