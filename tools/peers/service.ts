import { join } from "node:path";
import { type ServiceProcess, serviceProcess } from "../../lib/testing/service-process.ts";
import { until } from "../../lib/testing/until.ts";
import { freePorts } from "../parts/ports.ts";

const services = join(import.meta.dir, "../../services");
const liveTimeoutMs = 20_000;

/** A relay or consumer that runs as a process of its own. */
export interface Service extends ServiceProcess {
  /** `host:port` of its HTTP and its gRPC door, where its station has them. */
  readonly http: string;
  readonly grpc: string;
  ready(): Promise<boolean>;
}

/** Starts a station as `plays` says and waits until it lives; whether it is ready is for the test to see. */
export async function startService(
  plays: "relay" | "consumer",
  station: string,
  env: Readonly<Record<string, string>>,
): Promise<Service> {
  const [http, grpc, admin] = await freePorts(3);
  const service = serviceProcess(join(services, plays, "main.ts"), {
    STATION: station,
    ADMIN_PORT: `${admin}`,
    ...(plays === "relay" ? { PORT: `${http}`, GRPC_PORT: `${grpc}` } : {}),
    ...env,
  });
  const status = async (path: string) => (await fetch(`http://127.0.0.1:${admin}${path}`)).status;
  await until(`${station} to live`, async () => (await status("/live")) === 200, {
    timeoutMs: liveTimeoutMs,
  });
  return {
    ...service,
    http: `127.0.0.1:${http}`,
    grpc: `127.0.0.1:${grpc}`,
    ready: async () => (await status("/ready")) === 200,
  };
}
