import { check, sleep } from "k6";
import exec from "k6/execution";
import http, { type Response } from "k6/http";
import type { Options } from "k6/options";
import { rowOf } from "../../latency.ts";
import { type Mix, pathsOf } from "../../mixes/mix.ts";
import { settledLedger, type Totals } from "./ledger.ts";
import { createMeasures, failureKind } from "./measures.ts";
import { readSettings, type Settings } from "./settings.ts";
import { type SummaryData, summaryText } from "./summary.ts";

/** How many failures each user tells in full, and how much of each. */
const failuresTold = 3;
const bodyChars = 300;

/** What `setup` hands to the others; `before` is missing where no board answers. */
interface RunData {
  readonly before?: Totals;
}

/** What a script exports for k6. */
export interface LoadRun {
  readonly options: Options;
  setup(): RunData;
  /** One request; the scenario's `exec`. */
  send(data: RunData): void;
  teardown(data: RunData): void;
  handleSummary(data: SummaryData): Readonly<Record<string, string>>;
}

/** Sends a mix, compares what was acknowledged with what the ledger says was stored, and fails where they differ. */
export function loadRun(mix: Mix, { pause }: { readonly pause: string }): LoadRun {
  const settings = readSettings({ ...mix, pause });
  const paths = pathsOf(mix, settings.route);
  const measures = createMeasures();
  const headers = headersOf(settings);
  let told = 0;
  return {
    options: optionsOf(settings),
    setup: () => {
      const before = settledLedger(mix.pipeline, settings);
      if (before !== undefined) return { before };
      const said = `no board answers at ${settings.boardUrl}`;
      if (settings.requireCheck) throw new Error(`Cannot check the run: ${said}`);
      console.warn(`What is stored will not be checked: ${said}`);
      return {};
    },
    send: ({ before }) => {
      const { body } = mix.event(exec.scenario.iterationInTest);
      const path = paths[Math.floor(Math.random() * paths.length)];
      measures.begun.add(1);
      const reply = http.post(`${settings.baseUrl}${path}`, JSON.stringify(body), {
        headers,
        tags: { kind: "event" },
      });
      const { duration } = reply.timings;
      measures.replyTime.add(duration);
      measures.rows[rowOf(duration)]?.add(1);
      const acknowledged = check(reply, {
        "is acknowledged": ({ status }) => status >= 200 && status < 300,
      });
      if (acknowledged) {
        measures.acknowledged.add(1);
        if (before !== undefined) measures.acknowledgedMinusStored.add(1);
      } else {
        measures.failures.get(failureKind(reply.status))?.add(1);
        if (told++ < failuresTold) console.error(describe(reply));
      }
      const { least, most } = settings.pause;
      if (most > 0) sleep(least + Math.random() * (most - least));
    },
    teardown: ({ before }) => {
      if (before === undefined) return;
      const after = settledLedger(mix.pipeline, settings);
      if (after === undefined) throw new Error(`Cannot check the run: the board is gone`);
      const stored = after.stored - before.stored;
      measures.acknowledgedMinusStored.add(-stored);
      measures.stored.add(stored);
      measures.duplicates.add(after.duplicates - before.duplicates);
      measures.deadLettered.add(after.deadLettered - before.deadLettered);
      measures.inFlight.add(after.inFlight);
    },
    handleSummary: (data) => ({
      stdout: summaryText(mix.pipeline, paths, settings, measures.rows.length, data),
    }),
  };
}

function headersOf({ apiKey }: Settings): Record<string, string> {
  const json = { "Content-Type": "application/json" };
  return apiKey === undefined ? json : { ...json, Authorization: `Bearer ${apiKey}` };
}

function describe({ status, error, body }: Response): string {
  return status === 0 ? error : `${status} ${String(body).slice(0, bodyChars)}`;
}

function optionsOf({ requests, users, drainS }: Settings): Options {
  const checkTimeout = `${drainS + 30}s`;
  return {
    scenarios: {
      load: {
        executor: "shared-iterations",
        exec: "send",
        vus: Math.min(users, requests),
        iterations: requests,
        maxDuration: "2h",
      },
    },
    thresholds: {
      checks: ["rate==1"],
      "http_req_failed{kind:event}": ["rate==0"],
      acknowledged_minus_stored: ["count==0"],
    },
    summaryTrendStats: ["count", "med", "p(90)", "p(95)", "p(99)", "max"],
    setupTimeout: checkTimeout,
    teardownTimeout: checkTimeout,
  };
}
