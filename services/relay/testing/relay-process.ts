import { join } from "node:path";
import { tweet } from "../../../lib/door/testing/clima-door.ts";
import { serviceProcess } from "../../../lib/testing/service-process.ts";
import { until } from "../../../lib/testing/until.ts";
import { freePort } from "../../../tools/parts/ports.ts";

/** The relay's program. */
export const relayMain = join(import.meta.dir, "../main.ts");

/** A relay process that takes requests; whether it is ready is for the test to see. */
export async function relayProcess(station: string, env: Record<string, string>) {
  const [port, grpcPort, adminPort] = [await freePort(), await freePort(), await freePort()];
  const relay = serviceProcess(relayMain, {
    STATION: station,
    PORT: `${port}`,
    GRPC_PORT: `${grpcPort}`,
    ADMIN_PORT: `${adminPort}`,
    ...env,
  });
  const admin = (path: string) => fetch(`http://127.0.0.1:${adminPort}${path}`);
  await until(`${station} to live`, async () => (await admin("/live")).ok);
  return {
    ...relay,
    admin,
    grpc: `127.0.0.1:${grpcPort}`,
    url: (path: string) => `http://127.0.0.1:${port}${path}`,
    post: (path: string, body: unknown = tweet, headers: Record<string, string> = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
    ready: async () => (await admin("/ready")).status === 200,
  };
}
