import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { until } from "../../lib/testing/until.ts";
import { freePort } from "../parts/ports.ts";
import type { Contract } from "./contracts.ts";
import type { GrpcPeer, PeerAnswer, PeerServer } from "./grpc-peer.ts";
import { type Service, startService } from "./service.ts";

/** What a status of a foreign server means to a client of ours, over HTTP. */
const statuses: readonly (readonly [name: string, code: number, http: number])[] = [
  ["UNKNOWN", 2, 503],
  ["INVALID_ARGUMENT", 3, 422],
  ["DEADLINE_EXCEEDED", 4, 503],
  ["ALREADY_EXISTS", 6, 422],
  ["RESOURCE_EXHAUSTED", 8, 429],
  ["FAILED_PRECONDITION", 9, 422],
  ["ABORTED", 10, 503],
  ["OUT_OF_RANGE", 11, 422],
  ["UNIMPLEMENTED", 12, 503],
  ["INTERNAL", 13, 503],
  ["UNAVAILABLE", 14, 503],
];

const deadlineMs = 600;
const startMs = 30_000;

/** What our gRPC hop owes a foreign server of `contract`, and what it makes of its answers; through a relay process. */
export function serverSuite(contract: Contract, peer: () => GrpcPeer): void {
  const { hop, request } = contract;
  describe(`its server behind ${hop.station}`, () => {
    let server: PeerServer;
    let relay: Service;
    let port = 0;
    beforeAll(async () => {
      port = await freePort();
      server = await peer().serve(port);
      const env = { ...hop.env(server.address), DEADLINE_MS: `${deadlineMs}` };
      relay = await startService("relay", hop.station, env);
    }, startMs);
    afterAll(async () => {
      await relay[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    });
    const post = () =>
      fetch(`http://${relay.http}${hop.path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request),
      });
    const postWhile = async (answer: PeerAnswer) => {
      await server.answer(answer);
      try {
        return await post();
      } finally {
        await server.answer({});
        await server.received();
      }
    };

    test("makes it ready, without knowing health checks", async () => {
      await until("the relay to be ready", relay.ready);
    });

    test("gets the event with its id, and the client its reply", async () => {
      const reply = await post();
      expect([reply.status, await reply.json()]).toEqual([200, hop.reply]);
      const received = await server.received();
      expect(received.length).toBe(hop.calls);
      for (const each of received) {
        expect(each).toMatchObject({ method: `${contract.service}/${contract.method}`, request });
        expect(each.metadata["idempotency-key"]).toBe(reply.headers.get("idempotency-key") ?? "");
      }
    });

    test("refuses without effect, or leaves it unknown, as its status says", async () => {
      for (const [name, code, http] of statuses) {
        const { status, headers } = await postWhile({ code, details: "as told" });
        expect([name, status]).toEqual([name, http]);
        expect(headers.has("retry-after")).toBe(http === 429 || http === 503);
        expect(headers.has("idempotency-key")).toBe(true);
      }
    });

    test("may name its lanes, which the client is told", async () => {
      const metadata = { "lane-outcomes": "kafka=stored; rabbit=unavailable" };
      const reply = await postWhile({ code: 14, details: "as told", metadata });
      const { lanes } = (await reply.json()) as { lanes: object };
      expect(Object.values(lanes).sort()).toEqual(["stored", "unavailable"]);
    });

    test("is not waited for beyond the deadline", async () => {
      expect((await postWhile({ delayMs: 5 * deadlineMs })).status).toBe(503);
    });

    test("may go and come back", async () => {
      await server[Symbol.asyncDispose]();
      expect((await post()).status).toBe(503);
      expect(await relay.ready()).toBe(false);
      server = await peer().serve(port);
      await until("the relay to be ready again", relay.ready);
      expect((await post()).status).toBe(200);
    });
  });
}
