import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { newEventId } from "../../lib/event/event-id.ts";
import { type Contract, contracts } from "./contracts.ts";
import type { GrpcPeer, PeerCall } from "./grpc-peer.ts";
import { type Memory, type OpenDoor, openDoor } from "./open-door.ts";

const deadlineExceeded = 4;
const unimplemented = 12;
const startMs = 30_000;

/** What our gRPC doors owe a foreign client of `contract`, in front of a publisher that keeps events in memory. */
export function clientSuite(contract: Contract, peer: () => GrpcPeer): void {
  const { service, method, request, door } = contract;
  describe(`its client at the door of ${door.station}`, () => {
    let open: OpenDoor;
    beforeAll(async () => {
      open = await openDoor(contract);
    }, startMs);
    afterAll(() => open[Symbol.asyncDispose]());
    const send = (more: Partial<PeerCall> = {}) =>
      peer().call({ address: open.address, service, method, request, ...more });

    test("has its event stored, under the id that the reply carries", async () => {
      const { code, reply, metadata } = await send();
      expect([code, reply]).toEqual([0, door.reply]);
      const stored = open.publisher.stored.at(-1);
      expect(stored?.message).toMatchObject(contract.message);
      expect(metadata["idempotency-key"]).toBe(stored?.id ?? "none");
    });

    test("may give the id itself", async () => {
      const id = newEventId();
      const { metadata } = await send({ metadata: { "idempotency-key": id } });
      expect(metadata["idempotency-key"]).toBe(id);
      expect(open.publisher.stored.at(-1)?.id).toBe(id);
    });

    test("is told every broken rule, with details, and nothing is stored", async () => {
      const before = open.publisher.stored.length;
      const id = newEventId();
      const { request: refused, fields } = contract.refused;
      const outcome = await send({ request: refused, metadata: { "idempotency-key": id } });
      expect(outcome.code).toBe(3);
      expect(outcome.violations).toEqual([...fields]);
      for (const field of fields) expect(outcome.details).toContain(field);
      expect(outcome.metadata["idempotency-key"]).toBe(id);
      expect(open.publisher.stored.length).toBe(before);
    });

    test("is told what the brokers said, by status, id and lanes", async () => {
      const lanes = { kafka: "stored", rabbit: "unavailable" } as const;
      for (const [fail, code] of [
        ["unavailable", 14],
        ["overloaded", 8],
        ["conflict", 6],
        ["deadline", deadlineExceeded],
      ] as const) {
        using _ = behaving(open.publisher, { fail, lanes });
        const { metadata, ...outcome } = await send();
        expect(outcome.code).toBe(code);
        expect(metadata["lane-outcomes"]).toBe("kafka=stored; rabbit=unavailable");
        expect(metadata["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
      }
    });

    test("has its deadline kept", async () => {
      const release = Promise.withResolvers<void>();
      using _ = behaving(open.publisher, { hold: release.promise });
      const { code } = await send({ timeoutMs: 600 });
      expect(code).toBe(deadlineExceeded);
      release.resolve();
    });

    test("is told which services there are not", async () => {
      const others = contracts.filter((each) => each.service !== service);
      for (const { service: name, method: its, request: body } of others) {
        const { code } = await send({ service: name, method: its, request: body });
        expect(code).toBe(unimplemented);
      }
    });
  });
}

/** A publisher's behaviour, until disposed. */
function behaving(publisher: Memory, behaviour: Partial<Memory["behaviour"]>): Disposable {
  const usual = { ...publisher.behaviour };
  Object.assign(publisher.behaviour, behaviour);
  return { [Symbol.dispose]: () => void Object.assign(publisher.behaviour, usual) };
}
