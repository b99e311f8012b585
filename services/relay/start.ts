import { adminServer } from "../../lib/admin.ts";
import type { ConfigOf } from "../../lib/config.ts";
import { provenReady } from "../../lib/delivery/proven-ready.ts";
import { meteredAdmission } from "../../lib/door/metered-admission.ts";
import type { Log } from "../../lib/log.ts";
import { relayMetrics } from "../../lib/metrics.ts";
import { isBehind } from "../../lib/pipeline/find-station.ts";
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
  const publisher = provenReady(await openPublisher(config, metrics, log));
  const keys = await openKeys(config);
  const relay = createRelay({
    pipeline,
    station,
    publisher,
    keys,
    idWindowMs: config.ID_WINDOW_MS,
    deadlineMs: config.DEADLINE_MS,
    preferPolicy: config.PREFER_POLICY,
    admission: meteredAdmission(metrics.registry, pipeline.name, {
      ratePerSecond: config.ADMISSION_RATE,
      inFlightMax: config.ADMISSION_IN_FLIGHT_MAX,
      slowMs: slowOf(config.DEADLINE_MS ?? station.deadlineMs),
    }),
    isBehind: isBehind(pipeline, station),
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

/** An event that took a quarter of its time had to wait: so many at a time are too many. Half a second says so anyhow. */
function slowOf(deadlineMs: number): number {
  return Math.min(500, deadlineMs / 4);
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
