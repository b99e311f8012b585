import { locustOf } from "../chart-under-test.ts";
import type { Check } from "../check.ts";
import { figuresOf } from "./k6-job.ts";

const runMs = 900_000;
const drainS = 120;

/** The chart's Locust without its page, in the pod that shows it, compared by its script. */
export const locustRun: Check = {
  name: "requests by Locust, compared by its script",
  lacks: (chart) => (locustOf(chart) === undefined ? "Locust" : undefined),
  run: async ({ chart, cluster, requests, ingressInside, say }) => {
    const locust = locustOf(chart);
    if (locust === undefined) throw new Error(`Cannot run Locust: ${chart.name} has no such pod`);
    const inside = ingressInside?.href.replace(/\/$/, "");
    say("Locust runs");
    const { code, stdout, stderr } = await cluster.attempt(
      [
        "exec",
        `deploy/${locust.metadata.name}`,
        "--",
        "env",
        "PAUSE=0",
        "CHECK=require",
        `DRAIN=${drainS}`,
        `REQUESTS=${requests}`,
        ...(inside === undefined ? [] : [`LOCUST_HOST=${inside}`, `BOARD_URL=${inside}`]),
        "locust",
        "--headless",
        "--only-summary",
      ],
      runMs,
    );
    if (code !== 0)
      throw new Error(`Locust ended with ${code ?? "a time-out"}:\n${stdout}${stderr}`);
    return figuresOf(stdout);
  },
};
