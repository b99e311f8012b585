import { Registry } from "prom-client";
import { adminServer } from "../../lib/admin.ts";
import type { ConfigOf } from "../../lib/config.ts";
import { eventLines, silentReport } from "../../lib/delivery/delivery-report.ts";
import { foldHandler } from "../../lib/delivery/fold-handler.ts";
import type { Log } from "../../lib/log.ts";
import { valkeyStore } from "../../lib/store/valkey/valkey-store.ts";
import { valkeyUrl } from "../../lib/variables.ts";
import type { spec } from "./config.ts";
import { openLane } from "./lanes.ts";

/**
 * Runs a consumer: one lane of a pipeline into its store. A broker or store that is away, at the start or later, is
 * waited for. Disposing lets the delivery in hand finish, then disconnects.
 */
export async function startConsumer(
  config: ConfigOf<typeof spec>,
  log: Log,
): Promise<AsyncDisposable> {
  const { pipeline, station } = config.STATION;
  const resources = new AsyncDisposableStack();
  const store = resources.use(valkeyStore({ url: valkeyUrl(config), idsMax: config.IDS_MAX }));
  const lane = await openLane(config, log);
  resources.use(lane.deadLetters);
  const report = config.LOG_EVENTS
    ? eventLines(station.label, (line) => process.stdout.write(`${line}\n`))
    : silentReport;
  const subscription = await lane.subscriber.subscribe(
    foldHandler([store], {
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
      },
    }),
  );
  return resources;
}
