import { Registry } from "prom-client";
import { adminServer } from "../../lib/admin.ts";
import type { ConfigOf } from "../../lib/config.ts";
import { httpApp, listenHttp } from "../../lib/door/http-app.ts";
import type { Log } from "../../lib/log.ts";
import { valkeyStore } from "../../lib/store/valkey/valkey-store.ts";
import { valkeyUrl } from "../../lib/variables.ts";
import { createBoard } from "./app.ts";
import type { spec } from "./config.ts";
import { laneProbes } from "./lane-probes.ts";

/** Runs a board over one pipeline's Valkey and brokers; any of them may be away. */
export function startBoard(config: ConfigOf<typeof spec>, log: Log): Promise<AsyncDisposable> {
  const { PIPELINE: pipeline } = config;
  const resources = new AsyncDisposableStack();
  const store = resources.use(valkeyStore({ url: valkeyUrl(config) }));
  const lanes = laneProbes(config, resources);
  const app = httpApp(log, [createBoard([{ pipeline, store, lanes }])]);
  resources.use(listenHttp(app, { port: config.PORT }));
  resources.use(
    adminServer({
      port: config.ADMIN_PORT,
      registry: new Registry(),
      checks: {
        store: async () => {
          await store.cursors([]);
          return true;
        },
      },
    }),
  );
  return Promise.resolve(resources);
}
