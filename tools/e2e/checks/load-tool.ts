import { percentile } from "../../../loadtest/latency.ts";
import { holds, reportLines } from "../../../loadtest/report.ts";
import { runLoad } from "../../../loadtest/run-load.ts";
import type { Check } from "../check.ts";

const users = 10;
const drainMs = 120_000;
const sayEvery = 500;

/** Our own load tool, from outside of the cluster: each id is asked for, each count compared. */
export const loadTool: Check = {
  name: "requests through the ingress, stored exactly once",
  run: async ({ chart, ingress, requests, signal, say }) => {
    const { mix, route } = chart;
    const result = await runLoad(
      { url: ingress, mix, route, requests, users, keys: true, drainMs, signal },
      (done) => {
        if (done % sayEvery === 0) say(`${done} of ${requests} sent`);
      },
    );
    if (!holds(result)) throw new Error(reportLines(result).join("\n"));
    const rate = Math.round((result.requests / result.tookMs) * 1_000);
    const p99 = percentile(result.latenciesMs, 0.99).toFixed(0);
    return `${result.requests} stored, 0 missing, 0 differences, ${rate}/s, p99 ${p99} ms`;
  },
};
