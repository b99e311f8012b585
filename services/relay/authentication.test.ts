import { describe, expect, test } from "bun:test";
import { keysFile, mountedKeys, testKey } from "../../lib/auth/testing/keys.ts";
import { openGrpcDoor, tweet } from "../../lib/door/testing/clima-door.ts";
import { bearer } from "../../lib/door/testing/keyed-doors.ts";
import { serviceProcess } from "../../lib/testing/service-process.ts";
import { until } from "../../lib/testing/until.ts";
import { parts } from "../../tools/parts/testing.ts";
import { relayMain, relayProcess } from "./testing/relay-process.ts";

test("a first door asks for keys, follows their file without a restart, and hands on to doors that ask for none", async () => {
  const [old, next] = [testKey("web"), testKey("web")];
  using keys = mountedKeys(old.line);
  await using writer = await openGrpcDoor("writer");
  await using proxy = await relayProcess("clima-app/proxy", { WRITER_ADDR: writer.address });
  await using api = await relayProcess("clima-app/api", {
    GRPC_SERVER_URL: `http://${proxy.grpc}`,
    API_KEYS_FILE: keys.file,
    CLIENT_RATE: "100",
  });
  await until("the API to be ready", api.ready);
  const status = async ({ key }: { readonly key: string }) =>
    (await api.post("/clima", tweet, bearer(key))).status;
  expect([await status(old), await status(next)]).toEqual([200, 401]);
  keys.swap(next.line);
  await until("the keys to change", async () => (await status(old)) === 401);
  expect([await status(old), await status(next)]).toEqual([401, 200]);
  expect((await fetch(api.url("/"))).status).toBe(200);
  const metrics = await (await api.admin("/metrics")).text();
  expect(metrics).toMatch(/refused_total\{pipeline="clima-app",reason="unauthenticated"\} [3-9]/);
  expect(metrics).toContain('refused_total{pipeline="clima-app",reason="client-rate"} 0');
  api.child.kill("SIGTERM");
  expect(await api.child.exited).toBe(0);
  const output = await api.output;
  expect(output).toContain('"message":"refused at the door"');
  expect(output).toContain('"reason":"unknown-key","door":"clima-app POST /clima"');
  for (const { key } of [old, next]) expect(output).not.toContain(key);
}, 30_000);

test("a station behind others asks for no keys: API_KEYS_FILE there is a fault, as is a file that cannot be used", async () => {
  using keys = keysFile(testKey("web").line, "app", `-web ${"0".repeat(64)}`);
  const faults: Readonly<Record<string, readonly string[]>> = {
    "clima-app/proxy": [
      "API_KEYS_FILE is for the first doors of clima-app, and other stations hand on to clima-app/proxy",
      "HOP_CERT_FILE",
    ],
    "clima-app/api": ["line 2 has no SHA-256", "line 3 has no client's name"],
  };
  for (const [station, said] of Object.entries(faults)) {
    const env = { STATION: station, API_KEYS_FILE: keys.file, NEXT_URL: "127.0.0.1:1" };
    await using relay = serviceProcess(relayMain, env);
    expect(await relay.child.exited).toBe(78);
    const output = await relay.output;
    for (const fault of said) expect(output).toContain(fault);
  }
}, 20_000);

describe.skipIf(!parts)("idempotency keys in a real Valkey", () => {
  test("are each client's own", async () => {
    const [web, app] = [testKey("web"), testKey("app")];
    using keys = keysFile(web.line, app.line);
    await using valkey = await parts?.startValkey();
    await using writer = await openGrpcDoor("writer");
    await using api = await relayProcess("clima-app/api", {
      NEXT_URL: writer.address,
      KEYS_URL: valkey?.url ?? "",
      API_KEYS_FILE: keys.file,
    });
    const send = async ({ key }: { readonly key: string }, humidity = 60) => {
      const headers = { ...bearer(key), "idempotency-key": "order-7" };
      const reply = await api.post("/clima", { ...tweet, humidity }, headers);
      return `${reply.status} ${reply.headers.get("idempotency-key")}`;
    };
    const first = await until("Valkey to be connected", async () => {
      const sent = await send(web);
      return sent.startsWith("200") && sent;
    });
    const other = await send(app, 61);
    expect([await send(web), await send(app, 61)]).toEqual([first, other]);
    expect(other).toStartWith("200");
    expect(other).not.toBe(first);
    expect(await send(app)).toStartWith("422");
  }, 40_000);
});
