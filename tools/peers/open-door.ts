import type { Message } from "@bufbuild/protobuf";
import type { PipelineEvent } from "../../lib/event/event.ts";
import { silentLog } from "../../lib/log.ts";
import { stationsThat } from "../../lib/pipeline/find-station.ts";
import { memoryPublisher } from "../../lib/testing/memory-publisher.ts";
import { createRelay } from "../../services/relay/app.ts";
import type { Contract } from "./contracts.ts";

/** What a door hands events to, in these tests. */
export type Memory = ReturnType<typeof memoryPublisher<PipelineEvent<Message>>>;

/** A gRPC door as a test uses it. */
export interface OpenDoor extends AsyncDisposable {
  readonly publisher: Memory;
  /** `host:port`. */
  readonly address: string;
}

const idWindowMs = 3_600_000;

/** Opens the contract's gRPC door in this process, in front of memory. */
export async function openDoor({ pipeline, door }: Contract): Promise<OpenDoor> {
  const placed = stationsThat([pipeline], "relay").find(({ name }) => name === door.station);
  if (placed === undefined) {
    throw new Error(`Cannot open a door: no such station: current value is ${door.station}`);
  }
  const { station } = placed;
  const publisher: Memory = memoryPublisher();
  const relay = createRelay({ pipeline, station, publisher, idWindowMs, log: silentLog });
  const doors = await relay.open({ http: 0, grpc: 0, hostname: "127.0.0.1" });
  return {
    publisher,
    address: `127.0.0.1:${doors.grpcPort}`,
    [Symbol.asyncDispose]: () => doors[Symbol.asyncDispose](),
  };
}
