import { describe } from "bun:test";
import { clientSuite } from "./client.suite.ts";
import { contracts } from "./contracts.ts";
import { grpcJsPeer } from "./grpc-js-peer.ts";
import { serverSuite } from "./server.suite.ts";

const peer = grpcJsPeer();

for (const contract of contracts) {
  describe(`grpc-js, ${contract.service}`, () => {
    clientSuite(contract, () => peer);
    serverSuite(contract, () => peer);
  });
}
