import { adminServer } from "../../lib/admin.ts";
import { type OpenOptions, openAuthentication } from "../../lib/auth/open-authentication.ts";
import { ConfigError, type ConfigOf } from "../../lib/config.ts";
import { provenReady } from "../../lib/delivery/proven-ready.ts";
import type { DoorOptions } from "../../lib/door/door-options.ts";
import { meteredAdmission } from "../../lib/door/metered-admission.ts";
import { refusalCounter } from "../../lib/door/refusal-counter.ts";
import type { Log } from "../../lib/log.ts";
import { relayMetrics } from "../../lib/metrics.ts";
import { isBehind } from "../../lib/pipeline/find-station.ts";
import type { Keys } from "../../lib/store/keys.ts";
import { createRelay } from "./app.ts";
import type { spec } from "./config.ts";
import { openHopTls } from "./hop-tls.ts";
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
  const onRefused = refusalCounter(metrics.registry, pipeline.name);
  const authentication = resources.use(await openFirstDoor(config, { log, onRefused }));
  const onEnd = (endsAtMs: number) => metrics.hopCertificate(endsAtMs / 1_000);
  const tls = resources.use(await openHopTls(config, { log, onEnd }));
  const publisher = provenReady(await openPublisher(config, { metrics, log, tls }));
  const keys = await openKeys(config);
  const options: DoorOptions = {
    pipeline,
    station,
    publisher,
    keys,
    idWindowMs: config.ID_WINDOW_MS,
    deadlineMs: config.DEADLINE_MS,
    preferPolicy: config.PREFER_POLICY,
    authentication,
    admission: meteredAdmission(metrics.registry, pipeline.name, {
      ratePerSecond: config.ADMISSION_RATE,
      inFlightMax: config.ADMISSION_IN_FLIGHT_MAX,
      slowMs: slowOf(config.DEADLINE_MS ?? station.deadlineMs),
      onRefused,
    }),
    isBehind: isBehind(pipeline, station),
    log,
  };
  // What comes to a first door comes from outside, whose TLS the Ingress ends.
  const relay = createRelay(options, options.isBehind ? tls : undefined);
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

/** Clients are told apart at a pipeline's first doors: what comes to those behind them comes from us. */
function openFirstDoor(config: ConfigOf<typeof spec>, options: OpenOptions) {
  const { pipeline, station, name } = config.STATION;
  const { API_KEYS_FILE: file } = config;
  if (file !== undefined && isBehind(pipeline, station)) {
    throw new ConfigError([
      `API_KEYS_FILE is for the first doors of ${pipeline.name}, and other stations hand on to ${name}: what guards it is mutual TLS between them (HOP_CERT_FILE): current value is "${file}"`,
    ]);
  }
  return openAuthentication(config, options);
}

/** An event that took a quarter of its time had to wait: so many at a time are too many. Half a second says so anyhow. */
function slowOf(deadlineMs: number): number {
  return Math.min(500, deadlineMs / 4);
}

/** Keys are remembered as long as the ids that they stand for may be repeated. */
async function openKeys({
  KEYS_URL: url,
  ID_WINDOW_MS: windowMs,
  VALKEY_WAIT: replicas,
}: ConfigOf<typeof spec>): Promise<Keys | undefined> {
  if (url === undefined) return undefined;
  const { valkeyKeys } = await import("../../lib/store/valkey/valkey-keys.ts");
  return valkeyKeys({ url, windowMs, replicas });
}
