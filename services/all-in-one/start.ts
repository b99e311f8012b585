import { mkdirSync } from "node:fs";
import { Elysia } from "elysia";
import { openAuthentication } from "../../lib/auth/open-authentication.ts";
import { embeddedBroker } from "../../lib/broker/embedded/embedded-broker.ts";
import type { ConfigOf } from "../../lib/config.ts";
import { grpcGate } from "../../lib/door/grpc-gate.ts";
import { httpApp, listenHttp } from "../../lib/door/http-app.ts";
import { httpDoor } from "../../lib/door/http-door.ts";
import { eventBytesMax } from "../../lib/door/http-event.ts";
import { meteredAdmission } from "../../lib/door/metered-admission.ts";
import { refusalCounter } from "../../lib/door/refusal-counter.ts";
import { laptopFiles } from "../../lib/laptop-files.ts";
import { readLedger } from "../../lib/ledger/ledger.ts";
import type { Log } from "../../lib/log.ts";
import { type RelayMetrics, relayMetrics } from "../../lib/metrics.ts";
import { stationsThat } from "../../lib/pipeline/find-station.ts";
import { routeTable } from "../../lib/pipeline/route-table.ts";
import { grpcServer } from "../../lib/rpc/grpc-server.ts";
import { pipelines } from "../../pipelines/all.ts";
import { createBoard } from "../board/app.ts";
import { bareText } from "../board/bare-text.ts";
import { doorOperations } from "../board/door-operations.ts";
import { createListeners } from "../board/listeners.ts";
import { loadPage } from "../board/page/load-page.ts";
import type { spec } from "./config.ts";
import { allRoutes } from "./grpc-routes.ts";
import { liveLine } from "./live-line.ts";
import { openPipeline } from "./open-pipeline.ts";
import { welcome } from "./welcome.ts";

/**
 * Runs every pipeline in this process: the doors of all stations on one HTTP and one gRPC port, both lanes, stores and
 * board on embedded drivers, whose files are in `DATA_DIR`. What was acknowledged survives `kill -9`.
 */
export async function startAllInOne(
  config: ConfigOf<typeof spec>,
  log: Log,
): Promise<AsyncDisposable> {
  const { DATA_DIR: dataDir } = config;
  const { unknown } = config.WRITER_TARGET;
  if (unknown !== undefined) {
    log.warn("WRITER_TARGET names no policy and means both", { value: unknown });
  }
  mkdirSync(dataDir, { recursive: true });
  const resources = new AsyncDisposableStack();
  const metrics = relayMetrics("all");
  const onRefused = refusalCounter(metrics.registry, "all");
  const authentication = resources.use(await openAuthentication(config, { log, onRefused }));
  // One process, one limit: whatever the pipeline, they share the processor and the disk.
  const admission = meteredAdmission(metrics.registry, "all", {
    ratePerSecond: config.ADMISSION_RATE,
    inFlightMax: config.ADMISSION_IN_FLIGHT_MAX,
    onRefused,
  });
  const broker = resources.use(embeddedBroker({ file: laptopFiles(dataDir).broker }));
  const open = await Promise.all(
    pipelines.map(async (pipeline) => {
      const opened = await openPipeline(pipeline, {
        broker,
        dataDir,
        policy: config.WRITER_TARGET.policy,
        idsMax: config.IDS_MAX,
        metrics,
        log,
        writeEvent: config.LOG_EVENTS ? (line) => process.stdout.write(`${line}\n`) : undefined,
      });
      return { pipeline, ...resources.use(opened) };
    }),
  );
  const routes = routeTable(pipelines);
  const doors = open.flatMap(({ pipeline, publisher, keys }) =>
    stationsThat([pipeline], "relay").map(({ name, station }) => ({
      pipeline,
      station,
      publisher,
      keys,
      idWindowMs: config.ID_WINDOW_MS,
      preferPolicy: config.PREFER_POLICY,
      authentication,
      admission,
      log,
      serves: (path: string) => routes.get(path)?.name === name,
    })),
  );
  const boards = open.map(({ board }) => board);
  const listeners = createListeners();
  const board = createBoard(boards, {
    listeners,
    origins: config.CORS_ORIGINS,
    page: await loadPage(),
    bare: bareText(pipelines),
    others: doorOperations(pipelines),
  });
  const app = httpApp(log, [...doors.map(httpDoor), board, metricsApp(metrics)]);
  const http = resources.use(listenHttp(app, { port: config.PORT }));
  // Before the server waits for what is in flight: streams are in flight for ever.
  resources.use(listeners);
  const grpc = resources.use(
    await grpcServer({
      port: config.GRPC_PORT,
      routes: allRoutes(doors),
      messageBytesMax: eventBytesMax,
      gate: grpcGate(doors),
    }),
  );
  const needsKey = authentication !== undefined;
  const answers = { http: http.port, grpc: grpc.port, dataDir, needsKey };
  process.stdout.write(welcome(pipelines, answers));
  const ledgers = () =>
    Promise.all(boards.map(({ store, lanes }) => readLedger(() => store.read({}), lanes)));
  resources.use(liveLine(process.stdout, ledgers));
  return resources;
}

/** What the process counts, beside the doors: laptop mode has no port for it alone. */
function metricsApp({ registry }: RelayMetrics): Elysia {
  const headers = { "content-type": registry.contentType };
  const app = new Elysia();
  app.get("/metrics", async () => new Response(await registry.metrics(), { headers }));
  return app;
}
