import { Registry } from "prom-client";
import { adminServer } from "../../lib/admin.ts";
import type { ConfigOf } from "../../lib/config.ts";
import { httpApp, listenHttp } from "../../lib/door/http-app.ts";
import { laneViews } from "../../lib/ledger/lane-views.ts";
import { ledgerMetrics } from "../../lib/ledger/ledger-metrics.ts";
import type { Log } from "../../lib/log.ts";
import { openLog } from "../../lib/store/mongo/open-log.ts";
import { valkeyStore } from "../../lib/store/valkey/valkey-store.ts";
import { valkeyUrl } from "../../lib/variables.ts";
import { createBoard } from "./app.ts";
import { bareText } from "./bare-text.ts";
import type { spec } from "./config.ts";
import { createListeners } from "./listeners.ts";
import { loadPage } from "./page/load-page.ts";
import { readSurroundings, readView, snapshotOf } from "./snapshot.ts";

/** Runs a board over one pipeline's Valkey, log and brokers; any of them may be away. */
export async function startBoard(
  config: ConfigOf<typeof spec>,
  log: Log,
): Promise<AsyncDisposable> {
  const { PIPELINE: pipeline } = config;
  const resources = new AsyncDisposableStack();
  const store = resources.use(valkeyStore({ url: valkeyUrl(config) }));
  const eventLog = await openLog(pipeline, config);
  if (eventLog !== undefined) resources.use(eventLog);
  const listeners = createListeners();
  const source = { pipeline, store, log: eventLog, ...laneViews(pipeline, config, resources) };
  const board = createBoard([source], {
    listeners,
    origins: config.CORS_ORIGINS,
    basePath: config.BASE_PATH,
    page: await loadPage(),
    bare: bareText([pipeline]),
  });
  resources.use(listenHttp(httpApp(log, [board]), { port: config.PORT }));
  // Before the server waits for what is in flight: streams are in flight for ever.
  resources.use(listeners);
  const registry = new Registry();
  ledgerMetrics(registry, async () => {
    // The brokers first, as the ledger wants it.
    const around = await readSurroundings(source);
    const snapshot = snapshotOf(source, around, await readView(source));
    return [{ pipeline: pipeline.name, ...snapshot }];
  });
  resources.use(
    adminServer({
      port: config.ADMIN_PORT,
      registry,
      // What is away it says itself: if a store decided, nobody could come and read that.
      checks: {},
    }),
  );
  return resources;
}
