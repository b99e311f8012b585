import { adminServer } from "../../lib/admin.ts";
import type { ConfigOf } from "../../lib/config.ts";
import type { Log } from "../../lib/log.ts";
import { relayMetrics } from "../../lib/metrics.ts";
import type { Keys } from "../../lib/store/keys.ts";
import { createRelay } from "./app.ts";
import type { spec } from "./config.ts";
import { openPublisher } from "./publishers.ts";

/**
 * Runs a relay: a station's doors in front of its next hops or brokers, which may be away, at the start or later.
 * Disposing turns readiness off, lets the doors finish what is in flight, then the publishers.
 */
export async function startRelay(
  config: ConfigOf<typeof spec>,
  log: Log,
): Promise<AsyncDisposable> {
  const { pipeline, station } = config.STATION;
  const { unknown } = config.WRITER_TARGET;
  if (unknown !== undefined) {
    log.warn("WRITER_TARGET names no policy and means both", { value: unknown });
  }
  const resources = new AsyncDisposableStack();
  const metrics = relayMetrics(pipeline.name);
  const publisher = await openPublisher(config, metrics, log);
  const keys = await openKeys(config);
  const relay = createRelay({
    pipeline,
    station,
    publisher,
    keys,
    idWindowMs: config.ID_WINDOW_MS,
    deadlineMs: config.DEADLINE_MS,
    preferPolicy: config.PREFER_POLICY,
    log,
  });
  // Disposed last to first: probes are answered to the end.
  resources.use(
    adminServer({
      port: config.ADMIN_PORT,
      registry: metrics.registry,
      checks: { next: relay.ready },
    }),
  );
  resources.use(keys);
  resources.use(publisher);
  resources.use(
    await relay.open({
      http: config.PORT ?? station.http?.port ?? 0,
      grpc: config.GRPC_PORT ?? station.grpc?.port ?? 0,
    }),
  );
  return resources;
}

/** Keys are remembered as long as the ids that they stand for may be repeated. */
async function openKeys({
  KEYS_URL: url,
  ID_WINDOW_MS: windowMs,
}: ConfigOf<typeof spec>): Promise<Keys | undefined> {
  if (url === undefined) return undefined;
  const { valkeyKeys } = await import("../../lib/store/valkey/valkey-keys.ts");
  return valkeyKeys({ url, windowMs });
}
