import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { parts } from "../parts/testing.ts";
import { clientSuite } from "./client.suite.ts";
import { contracts } from "./contracts.ts";
import type { GrpcPeer } from "./grpc-peer.ts";
import { installGoPeer, installTimeoutMs } from "./install.ts";
import { type LineProcess, lineProcess } from "./line-process.ts";
import { openDoor } from "./open-door.ts";
import { processPeer } from "./process-peer.ts";
import { serverSuite } from "./server.suite.ts";

const hasGo = Bun.which("go") !== null;
if (parts && !hasGo) {
  console.error("\n!!! Tests with grpc-go are SKIPPED: go is not on the PATH: install Go 1.26\n");
}

describe.skipIf(!(parts && hasGo))("grpc-go", () => {
  let program: LineProcess;
  let peer: GrpcPeer;
  beforeAll(async () => {
    program = lineProcess(await installGoPeer(parts?.dir ?? ""));
    peer = processPeer(program);
  }, installTimeoutMs);
  afterAll(() => peer[Symbol.asyncDispose]());

  for (const contract of contracts) {
    const { service, method, request, message, door } = contract;
    describe(service, () => {
      clientSuite(contract, () => peer);
      serverSuite(contract, () => peer);
    });

    test(`learns ${service} from the server's own description, and calls it`, async () => {
      await using open = await openDoor(contract);
      const { address } = open;
      const names = await program.ask("list", { address });
      expect(names).toEqual([
        service,
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
      ]);
      const call = { address, service, method, request, timeoutMs: 5_000, reflect: true };
      expect(await program.ask("call", call)).toMatchObject({ code: 0, reply: door.reply });
      expect(open.publisher.stored[0]?.message).toMatchObject(message);
    });
  }
});
