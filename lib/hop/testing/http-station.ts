import type { DoorOptions } from "../../door/door-options.ts";
import { httpApp, listenHttp } from "../../door/http-app.ts";
import { httpDoor } from "../../door/http-door.ts";
import { listenHttps } from "../../door/https-app.ts";
import { climaDoor } from "../../door/testing/clima-door.ts";
import type { ServerTls } from "../../tls/server-tls.ts";

/**
 * An API of `clima-app` behind another station, which publishes to memory, on this machine alone; port 0 is a free one. By TLS
 * it serves those alone who show a certificate.
 */
export async function httpStation(
  port: number,
  overrides: Partial<DoorOptions> = {},
  tls?: ServerTls,
) {
  const { publisher, options } = climaDoor("api", { isBehind: true, ...overrides });
  const place = { port, hostname: "127.0.0.1" };
  const doors = [httpDoor(options)];
  const server =
    tls === undefined
      ? listenHttp(httpApp(options.log, doors), place)
      : listenHttps(httpApp(options.log, doors, "https"), place, tls);
  return { ...server, publisher };
}
