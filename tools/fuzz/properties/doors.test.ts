import { describe, expect, test } from "bun:test";
import { climaApp } from "../../../pipelines/clima-app.ts";
import { votaciones } from "../../../pipelines/votaciones.ts";
import { createBook } from "../doors/book.ts";
import { doorsOf } from "../doors/find-doors.ts";
import { fuzzDoor } from "../doors/fuzz-door.ts";
import { grpcCaller } from "../doors/grpc-caller.ts";
import { httpConnection } from "../doors/http-connection.ts";
import { grpcTrier, httpTrier } from "../doors/try-request.ts";
import { grpcRequests, prefixed } from "../generate/grpc-request.ts";
import { httpRequests } from "../generate/http-request.ts";
import { otherJson, otherWire } from "../generate/other-body.ts";
import { formsOf } from "../model/field-form.ts";
import { openDoors } from "./open-doors.ts";

/** On a machine that is busy with other things. */
const slowMs = 60_000;
const some = { count: 1_000, seed: 20, signal: new AbortController().signal, onSent: () => {} };

for (const pipeline of [climaApp, votaciones]) {
  const forms = formsOf(pipeline.message);
  const door = (kind: "http" | "grpc") => {
    const found = doorsOf([pipeline]).find((each) => each.kind === kind);
    if (found === undefined) throw new Error(`Cannot find a door of ${pipeline.name}`);
    return found;
  };

  describe(`a thousand generated requests to ${pipeline.name}`, () => {
    test(
      "over HTTP: the contract's verdict for each, and no effect of what was refused",
      async () => {
        await using doors = await openDoors(pipeline);
        const book = createBook();
        using connections = new DisposableStack();
        const triers = Array.from({ length: 8 }, () =>
          connections.use(
            httpTrier(door("http"), forms, httpConnection(doors.httpPort), otherJson(forms)),
          ),
        );
        const requests = httpRequests(forms);
        const row = await fuzzDoor({ ...some, door: door("http"), requests, triers, book });
        expect(row.findings.map(({ what }) => what)).toEqual([]);
        expect(row.taken).toBeGreaterThan(200);
        expect(new Set(doors.stored.map(({ id }) => id as string))).toEqual(new Set(book.taken));
      },
      slowMs,
    );

    test(
      "over gRPC: the contract's verdict for each, and no effect of what was refused",
      async () => {
        await using doors = await openDoors(pipeline);
        const book = createBook();
        using caller = grpcCaller(doors.grpcPort);
        const triers = Array.from({ length: 8 }, () =>
          grpcTrier(door("grpc"), caller, [prefixed(otherWire(forms))]),
        );
        const requests = grpcRequests(forms);
        const row = await fuzzDoor({ ...some, door: door("grpc"), requests, triers, book });
        expect(row.findings.map(({ what }) => what)).toEqual([]);
        expect(row.taken).toBeGreaterThan(200);
        const stored = new Set(doors.stored.map(({ id }) => id as string));
        expect([...book.taken].filter((id) => !stored.has(id))).toEqual([]);
        expect([...book.refused].filter((id) => stored.has(id) && !book.taken.has(id))).toEqual([]);
      },
      slowMs,
    );
  });
}
