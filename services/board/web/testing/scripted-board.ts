import { type LaneReport, sumOf } from "../../../../lib/ledger/ledger.ts";
import type { AnyPipeline } from "../../../../lib/pipeline/pipeline.ts";
import { climaApp } from "../../../../pipelines/clima-app.ts";
import { votaciones } from "../../../../pipelines/votaciones.ts";
import type { Letter } from "../../letter.ts";
import type { BoardPipeline, Snapshot } from "../src/api/shapes.ts";

/** A text that a page which took texts for HTML would run. */
export const markup = "<img src=x onerror=alert(1)>";

const startMs = Date.UTC(2026, 10, 22, 18, 30);

const whole: LaneReport = {
  published: 10,
  applied: 6,
  duplicates: 2,
  deadLettered: 1,
  inFlight: 1,
  repeated: 0,
  proven: true,
  closes: true,
  aside: { undecodable: 1 },
};

/** The pipelines that the stand-in serves, as a board would list them. */
export const pipelines: readonly BoardPipeline[] = [
  listed(climaApp, ["kafka", "rabbit"]),
  listed(votaciones, ["kafka"]),
  {
    name: "plain",
    title: { en: "plain", es: "plain" },
    panels: [],
    log: null,
    lanes: ["rabbit"],
  },
];

/** What each of them holds at first. */
export const firstSnapshots: Readonly<Record<string, Snapshot>> = {
  "clima-app": weather(),
  votaciones: votes(),
  plain: {
    at: startMs,
    state: { total: "7", kinds: { a: "3", b: "4" }, words: { a: "no number" } },
    ledger: sumOf({ rabbit: { ...whole, proven: false } }),
    lag: null,
    deadLetters: { rabbit: null },
  },
};

/** The dead letters of every pipeline. */
export const letters: readonly Letter[] = [
  {
    lane: "kafka",
    id: "019b7ca9-8c88-7800-8000-000000000000",
    reason: "undecodable",
    error: "municipio must be one of Desconocido, Mixco, Guatemala, Amatitlán, Chinautla",
    attempts: 1,
    at: "2026-11-22T18:29:59.000Z",
    body: `{"municipio":"${markup}"}`,
  },
];

/** `count` different bands with their votes. */
export function bands(count: number, votes: (band: number) => number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, band) => [`Band ${band}`, `${votes(band)}`]),
  );
}

function listed({ name, view }: AnyPipeline, lanes: BoardPipeline["lanes"]): BoardPipeline {
  const title = view?.title ?? { en: name, es: name };
  return { name, title, panels: view?.panels ?? [], log: view?.log ?? null, lanes };
}

function weather(): Snapshot {
  const reports = (place: string, base: number) =>
    Array.from({ length: 10 }, (_, back) => ({
      ts: `${startMs - back * 60_000}`,
      temperature: `${base + (back % 4)}`,
      humidity: "60",
      weather: place === "Mixco" ? "Soleado" : "Neblinoso",
    }));
  return {
    at: startMs,
    state: {
      total: "10203",
      extremes: {
        temperature_min: "-3",
        temperature_max: "41",
        humidity_min: "12",
        humidity_max: "99",
      },
      "reports:municipality": { Mixco: "4000", Guatemala: "3000", Chinautla: "3203" },
      "reports:weather": { Soleado: "5000", Nublado: "3000", Lluvioso: "1203", Neblinoso: "1000" },
      "stats:mixco": { count: "4", temperature_sum: "100", humidity_sum: "240" },
      "stats:guatemala": { count: "3", temperature_sum: "60", humidity_sum: "150" },
      "clima:mixco": reports("Mixco", 22),
      "clima:guatemala": reports("Guatemala", 17),
    },
    ledger: sumOf({
      kafka: whole,
      rabbit: { ...whole, deadLettered: 0, inFlight: 2, aside: {} },
    }),
    lag: {
      kafka: [
        { partition: "clima/0", end: 7, cursor: 7, lag: 0 },
        { partition: "clima/1", end: 3, cursor: 2, lag: 1 },
      ],
      rabbit: [{ partition: "clima", end: 10, cursor: 8, lag: 2 }],
    },
    deadLetters: { kafka: { waiting: 1 }, rabbit: { waiting: 0 } },
  };
}

function votes(): Snapshot {
  return {
    at: startMs,
    state: {
      total: "41",
      votos_banda: { ...bands(14, (band) => 14 - band), [markup]: "30" },
      votos_album: { Dynamo: "25", "Canción Animal": "16" },
      bands: { [`Dynamo (1992) - (${markup}) : No:1`]: "41" },
    },
    ledger: sumOf({ kafka: whole }),
    lag: { kafka: [{ partition: "topic-sopes1/0", end: 10, cursor: 9, lag: 1 }] },
    deadLetters: { kafka: { waiting: 1 } },
    logs: Array.from({ length: 20 }, (_, back) => ({
      _id: `${back}`,
      name: back === 0 ? markup : `Band ${back}`,
      album: "Dynamo",
      year: "1992",
      rank: `${1 + (back % 4)}`,
      date: new Date(startMs - back * 1_000).toISOString(),
    })),
  };
}
