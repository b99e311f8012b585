import { callTimeoutMs, type GrpcPeer, type PeerOutcome, type PeerRequest } from "./grpc-peer.ts";
import type { LineProcess } from "./line-process.ts";

/** The gRPC side of a foreign program; disposing it ends the program. */
export function processPeer(program: LineProcess): GrpcPeer {
  return {
    call: (call) => program.ask<PeerOutcome>("call", { timeoutMs: callTimeoutMs, ...call }),
    serve: async (port) => {
      const address = `127.0.0.1:${port}`;
      await program.ask("serve", { address });
      // The program remembers what the server before was told and got.
      await program.ask("answer");
      await program.ask("received");
      return {
        address,
        received: () => program.ask<readonly PeerRequest[]>("received"),
        answer: (answer) => program.ask("answer", answer),
        [Symbol.asyncDispose]: () => program.ask("stop"),
      };
    },
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}
