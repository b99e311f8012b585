import type { Message } from "@bufbuild/protobuf";
import type { DoorOptions } from "../../../lib/door/door-options.ts";
import { grpcRoutes } from "../../../lib/door/grpc-door.ts";
import { grpcGate } from "../../../lib/door/grpc-gate.ts";
import { httpApp, listenHttp } from "../../../lib/door/http-app.ts";
import { httpDoor } from "../../../lib/door/http-door.ts";
import { eventBytesMax } from "../../../lib/door/http-event.ts";
import type { PipelineEvent } from "../../../lib/event/event.ts";
import { silentLog } from "../../../lib/log.ts";
import { stationsThat } from "../../../lib/pipeline/find-station.ts";
import type { AnyPipeline } from "../../../lib/pipeline/pipeline.ts";
import { grpcServer } from "../../../lib/rpc/grpc-server.ts";
import { embeddedKeys } from "../../../lib/store/embedded/embedded-keys.ts";
import { memoryPublisher } from "../../../lib/testing/memory-publisher.ts";

/** The doors of a pipeline's first stations, in this process, publishing to memory. */
export async function openDoors(pipeline: AnyPipeline) {
  const publisher = memoryPublisher<PipelineEvent<Message>>();
  const resources = new AsyncDisposableStack();
  const keys = resources.use(embeddedKeys({ file: ":memory:" }));
  const stations = stationsThat([pipeline], "relay").map(({ station }) => station);
  const doorOf = (kind: "http" | "grpc"): DoorOptions => {
    const station = stations.find((each) => each[kind] !== undefined);
    if (station === undefined) throw new Error(`Cannot open a door: there is none by ${kind}`);
    return { ...{ pipeline, station, publisher, keys, log: silentLog }, idWindowMs: 3_600_000 };
  };
  const at = { port: 0, hostname: "127.0.0.1" };
  const http = resources.use(listenHttp(httpApp(silentLog, [httpDoor(doorOf("http"))]), at));
  const grpc = resources.use(
    await grpcServer({
      ...at,
      routes: [grpcRoutes(doorOf("grpc"))],
      messageBytesMax: eventBytesMax,
      gate: grpcGate([doorOf("grpc")]),
    }),
  );
  return {
    httpPort: http.port,
    grpcPort: grpc.port,
    stored: publisher.stored,
    [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose](),
  };
}
