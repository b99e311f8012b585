import { boardClient } from "../../../loadtest/board.ts";
import { settled } from "../../../loadtest/settled.ts";
import { asStep, type FuzzContext } from "../context.ts";
import { type Laptop, startLaptop } from "../laptop.ts";
import type { Row } from "../row.ts";
import { grpcWay, httpWay, steadyClient } from "../steady-client.ts";
import { watchSurvival } from "../watch.ts";
import type { Attack, RawTarget } from "./attack.ts";
import { attackPort, type RawBook } from "./attack-port.ts";
import { goodJson, goodWire, methodPath, rawPipeline } from "./events.ts";
import { h2Floods } from "./h2-floods.ts";
import { h2Frames } from "./h2-frames.ts";
import { h2Headers } from "./h2-headers.ts";
import { http1Framing } from "./http1-framing.ts";
import { http1Syntax } from "./http1-syntax.ts";
import { muteConnections } from "./mute-connections.ts";
import { type Relay, startRelay } from "./start-relay.ts";

const times = { short: 6, whole: 200 };
/** Longer than any server of ours waits for a first word. */
const muteMs = 30_000;
const settleMs = 60_000;

const attacksOf: Readonly<Record<RawTarget["speaks"], readonly Attack[]>> = {
  "HTTP/1.1": [...http1Syntax, ...http1Framing],
  "HTTP/2": [...h2Headers, ...h2Frames, ...h2Floods],
};

const readPaths = [
  ...["/", "/health", "/metrics", "/api", "/api/pipelines", "/openapi/json", "/openapi", "/board/"],
  ...[
    "/api/clima-app/state",
    "/api/clima-app/ledger",
    "/api/clima-app/snapshot",
    "/api/logs?limit=5",
  ],
  ...[
    "/api/clima-app/dead-letters?limit=3",
    "/api/clima-app/stream",
    "/api/clima-app/missing",
    "/live",
    "/ready",
  ],
];

/** Sends raw bytes to every kind of port while a good client goes on, and looks at what is left. */
export async function runRaw(context: FuzzContext): Promise<readonly Row[]> {
  const { signal, seed, isShort } = context;
  await using laptop = await asStep(context, "start laptop mode", () => startLaptop({ signal }));
  await using relay = await asStep(context, "start a relay", () => startRelay(laptop, signal));
  const children = [laptop.child, relay.child];
  using survival = watchSurvival(children);
  const targets = targetsOf(laptop, relay);
  using mute = muteConnections(targets.map(({ port }) => port));
  const client = steadyClient([
    httpWay("HTTP", `${laptop.url}/clima`, goodJson),
    grpcWay("gRPC", { port: laptop.grpcPort, path: methodPath }, goodWire),
  ]);
  const book: RawBook = { taken: new Set(), hidden: new Set() };
  const rows: Row[] = [];
  for (const target of targets) {
    const options = {
      attacks: attacksOf[target.speaks],
      times: isShort ? times.short : times.whole,
      ...{ seed, book, signal },
      isAlive: () => children.every(({ running }) => running),
    };
    const row = await asStep(context, `raw bytes at ${target.name}`, () =>
      attackPort(target, options),
    );
    rows.push(row);
  }
  const left = await mute.left(muteMs, signal);
  const steady = await client.stop();
  const good = [...steady.taken.values()].flat();
  for (const id of good) book.taken.add(id);
  const startedMs = performance.now();
  const stored = await asStep(context, "hold the store against the replies", () =>
    storeFaults(laptop, book, signal),
  );
  const { note, faults } = survival.report();
  const all = [
    ...(left === 0 ? [] : [`${left} connections that say nothing are still open`]),
    ...steady.faults,
    ...stored,
    ...faults,
  ];
  return [
    ...rows,
    {
      ...{ part: "raw", place: "good client, store and processes, after all" },
      ...{ sent: 0, taken: 0, refused: 0, other: 0, tookMs: performance.now() - startedMs },
      notes: [steady.note, note],
      findings: all.map((what) => ({ at: "after all", what, seed, index: 0 })),
      found: all.length,
    },
  ];
}

function targetsOf(laptop: Laptop, relay: Relay): readonly RawTarget[] {
  const eventPaths = ["/clima", "/clima-app/clima", "/tweet", "/clima-app/tweet"];
  const http = { speaks: "HTTP/1.1", readPaths } as const;
  return [
    { ...http, name: "doors and board", port: laptop.httpPort, eventPaths },
    { ...http, name: "a relay's door", port: relay.httpPort, eventPaths: ["/clima"] },
    { ...http, name: "an admin port", port: relay.adminPort, eventPaths: ["/live"] },
    {
      ...{ name: "gRPC doors", port: laptop.grpcPort, speaks: "HTTP/2" },
      ...{ eventPaths: [], readPaths: [] },
    },
  ];
}

/** Events that were acknowledged have their effect; those that no request was have none. */
async function storeFaults(
  { child, url }: Laptop,
  { taken, hidden }: RawBook,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (!child.running) return [];
  const board = boardClient(new URL(url), rawPipeline.name);
  const ledger = await settled(board, { limitMs: settleMs, signal });
  const lost = await board.missing([...taken]);
  const without = new Set(await board.missing([...hidden]));
  const wrongly = [...hidden].filter((id) => !without.has(id));
  return [
    ...(lost.length === 0 ? [] : [`${lost.length} acknowledged events have no effect: ${lost[0]}`]),
    ...(wrongly.length === 0
      ? []
      : [`${wrongly.length} hidden events have an effect: ${wrongly[0]}`]),
    ...(ledger.closes && ledger.inFlight === 0 ? [] : ["the ledger does not close"]),
    ...(ledger.deadLettered === 0 ? [] : [`${ledger.deadLettered} dead letters`]),
  ];
}
