import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { until } from "../../lib/testing/until.ts";
import { freePort } from "../parts/ports.ts";
import { parts } from "../parts/testing.ts";
import { clientSuite } from "./client.suite.ts";
import { contracts } from "./contracts.ts";
import { installTimeoutMs } from "./install.ts";
import { type PythonPeer, pythonPeer } from "./python-peer.ts";
import { serverSuite } from "./server.suite.ts";
import { startService } from "./service.ts";

/** Statuses of a server, and what a client before our proxy sees of them. */
const passed: readonly (readonly [server: number, client: number])[] = [
  [2, 14],
  [3, 3],
  [4, 4],
  [6, 6],
  [8, 8],
  [13, 14],
  [14, 14],
];

describe.skipIf(!parts)("Python's grpcio", () => {
  let program: PythonPeer;
  const peer = () => program;
  beforeAll(async () => {
    if (parts) program = await pythonPeer(parts);
  }, installTimeoutMs);
  afterAll(() => program[Symbol.asyncDispose]());

  for (const contract of contracts) {
    describe(contract.service, () => {
      clientSuite(contract, peer);
      serverSuite(contract, peer);
    });
  }

  test("client and server have our proxy between them: the same id, and statuses that mean the same", async () => {
    const contract = contracts.find(({ pipeline }) => pipeline.name === "clima-app");
    const { service = "", method = "", request = {}, door } = contract ?? {};
    await using server = await program.serve(await freePort());
    await using proxy = await startService("relay", "clima-app/proxy", {
      WRITER_ADDR: server.address,
    });
    await until("the proxy to be ready", proxy.ready);
    const send = () => program.call({ address: proxy.grpc, service, method, request });
    const { reply, metadata } = await send();
    expect(reply).toEqual(door?.reply);
    const [received] = await server.received();
    expect(received?.request).toEqual(request);
    expect(received?.metadata["idempotency-key"]).toBe(metadata["idempotency-key"] ?? "none");
    for (const [code, expected] of passed) {
      await server.answer({ code, details: "as told" });
      expect([code, (await send()).code]).toEqual([code, expected]);
    }
  }, 20_000);
});
