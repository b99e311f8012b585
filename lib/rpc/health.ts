import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from "../../gen/grpc/health/v1/health_pb.ts";
import { pause } from "../pause.ts";

/** How often a watched status is looked at, in milliseconds. */
const watchMs = 1_000;

/** What the health service answers with. */
export interface HealthOptions {
  /** Whether calls can be served now; a rejection means no. */
  readonly serving: () => Promise<boolean>;
  /** The full names of the services that are asked about, beside the server as a whole (the empty name). */
  readonly services: readonly string[];
}

/** `grpc.health.v1`: what Kubernetes probes, and clients that balance, ask. */
export function healthRoutes({
  serving,
  services,
}: HealthOptions): (router: ConnectRouter) => void {
  const known = new Set(["", ...services]);
  const status = async () => {
    const yes = await serving().catch(() => false);
    return yes ? Status.SERVING : Status.NOT_SERVING;
  };
  return (router) => {
    router.service(Health, {
      check: async ({ service }) => {
        if (known.has(service)) return { status: await status() };
        throw new ConnectError(`no service ${service.slice(0, 100)}`, Code.NotFound);
      },
      async *watch({ service }, { signal }) {
        let last: Status | undefined;
        // Ends with the call: the client, its deadline and the server's closing all abort the signal.
        while (!signal.aborted) {
          const now = known.has(service) ? await status() : Status.SERVICE_UNKNOWN;
          if (now !== last) yield { status: now };
          last = now;
          await pause(watchMs, signal);
        }
      },
    });
  };
}
