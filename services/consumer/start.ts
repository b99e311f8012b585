import { Registry } from "prom-client";
import { adminServer } from "../../lib/admin.ts";
import type { ConfigOf } from "../../lib/config.ts";
import { eventLines, silentReport } from "../../lib/delivery/delivery-report.ts";
import { foldHandler } from "../../lib/delivery/fold-handler.ts";
import type { Log } from "../../lib/log.ts";
import { openLog } from "../../lib/store/mongo/open-log.ts";
import { valkeyStore } from "../../lib/store/valkey/valkey-store.ts";
import { valkeyUrl } from "../../lib/variables.ts";
import type { spec } from "./config.ts";
import { openLane } from "./lanes.ts";

/**
 * Runs a consumer: one lane of a pipeline into its store and, where it has one, its log. A broker, store or log that is
 * away, at the start or later, is waited for. Disposing lets the delivery in hand finish, then disconnects.
 */
export async function startConsumer(
  config: ConfigOf<typeof spec>,
  log: Log,
): Promise<AsyncDisposable> {
  const { pipeline, station } = config.STATION;
  const resources = new AsyncDisposableStack();
  const store = resources.use(
    valkeyStore({
      url: valkeyUrl(config),
      replicas: config.VALKEY_WAIT,
      idsMax: config.IDS_MAX,
    }),
  );
  const eventLog = await openLog(pipeline, config);
  if (eventLog !== undefined) resources.use(eventLog);
  const lane = await openLane(config, log);
  resources.use(lane.deadLetters);
  const report = config.LOG_EVENTS
    ? eventLines(station.label, (line) => process.stdout.write(`${line}\n`))
    : silentReport;
  const subscription = await lane.subscriber.subscribe(
    foldHandler(eventLog === undefined ? [store] : [store, eventLog], {
      pipeline,
      lane: station.lane,
      deadLetters: lane.deadLetters,
      log,
      report,
    }),
  );
  resources.use(subscription);
  resources.use(
    adminServer({
      port: config.ADMIN_PORT,
      registry: new Registry(),
      checks: {
        [station.lane]: () => subscription.ready(),
        store: async () => {
          await store.cursors([]);
          return true;
        },
        ...(eventLog !== undefined && {
          log: async () => {
            await eventLog.cursors([]);
            return true;
          },
        }),
      },
    }),
  );
  return resources;
}
