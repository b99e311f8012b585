import type { Fault, FaultContext } from "../fault.ts";
import { residentMib } from "../instrument/process-watch.ts";
import { probe } from "../probes/probe.ts";
import { postHead, rawHttp } from "../probes/raw-http.ts";
import { plain } from "../rigs.ts";

const times = 20;
const atOnceMs = 1_000;
const memoryMib = 64;
const api = "clima-app-api";
const path = "/clima";

/** Bodies that are too large, however they say so. */
export const doorSizes: Fault = {
  numbers: [1],
  name: "door-sizes",
  title: "bodies over 64 KiB, 200 MB declared, chunked without a length",
  rig: plain,
  targets: ["kafka", "rabbit", "both"],
  short: ["both"],
  perSecond: 50,
  strike: async (context) => {
    const pid = context.rig.child(api).pid ?? 0;
    const before = residentMib(pid) ?? 0;
    let slowestMs = 0;
    for (let time = 0; time < times; time += 1) {
      for (const [what, parts] of bodies()) {
        slowestMs = Math.max(slowestMs, await refused(context, what, parts));
      }
    }
    const grownMib = (residentMib(pid) ?? 0) - before;
    context.note(`413 within ${Math.round(slowestMs)} ms, memory ${grownMib.toFixed(1)} MiB more`);
    if (slowestMs > atOnceMs) context.miss(`413 took ${Math.round(slowestMs)} ms`);
    if (grownMib > memoryMib) context.miss(`the door holds ${Math.round(grownMib)} MiB more`);
  },
};

type Body = readonly [what: string, parts: (key: string) => readonly string[]];

function bodies(): readonly Body[] {
  const large = " ".repeat(70_000);
  const chunk = `${large.length.toString(16)}\r\n${large}\r\n`;
  const keyed = (key: string, line: string) => postHead(path, `idempotency-key: ${key}`, line);
  return [
    ["70,000 bytes", (key) => [keyed(key, `content-length: ${large.length}`), large]],
    ["200 MB declared", (key) => [keyed(key, "content-length: 200000000")]],
    [
      "chunked, without a length",
      (key) => [keyed(key, "transfer-encoding: chunked"), chunk, chunk],
    ],
  ];
}

/** How long the refusal took, in milliseconds. */
async function refused(context: FaultContext, what: string, parts: Body[1]): Promise<number> {
  const key = Bun.randomUUIDv7();
  const port = context.rig.portOf(api, "http");
  let tookMs = 0;
  await probe(context, {
    ...{ what, key, expected: [413] },
    send: async () => {
      const reply = await rawHttp(port, parts(key));
      ({ tookMs } = reply);
      return reply.status;
    },
  });
  return tookMs;
}
