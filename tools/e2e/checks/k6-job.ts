import { k6Of } from "../chart-under-test.ts";
import type { Check, CheckContext } from "../check.ts";
import type { CronJob, Job } from "../objects.ts";
import { waitFor } from "../wait-for.ts";

const runMs = 600_000;
const logMs = 30_000;
const job = "e2e-k6";

/** The chart's k6 job, whose script compares what was acknowledged with what was stored and fails where they differ. */
export const k6Job: Check = {
  name: "requests by the k6 job, compared by its script",
  lacks: (chart) => (k6Of(chart) === undefined ? "a k6 job" : undefined),
  run: async (context) => {
    const { chart, cluster, signal, say } = context;
    const template = k6Of(chart);
    if (template === undefined) throw new Error(`Cannot run k6: ${chart.name} has no such job`);
    await cluster.remove("job", job);
    await cluster.apply([jobFrom(template, context)]);
    const ended = await waitFor({
      what: "the end of the k6 job",
      limitMs: runMs,
      signal,
      everyMs: 2_000,
      look: async () => {
        const found = await cluster.find<Job>("job", job);
        const conditions = found?.status.conditions ?? [];
        say("k6 runs");
        return conditions.find(
          ({ type, status }) => status === "True" && ["Complete", "Failed"].includes(type),
        );
      },
    });
    const log = await cluster.run(["logs", `job/${job}`, "--tail=40"], logMs);
    if (ended.type !== "Complete") throw new Error(`The k6 job failed:\n${log}`);
    return figuresOf(log);
  },
};

/** A Job of the template, with as many requests as the run is to have. */
export function jobFrom(
  { spec }: CronJob,
  { requests, ingressInside }: Pick<CheckContext, "requests" | "ingressInside">,
): object {
  const { template, ...rest } = spec.jobTemplate.spec;
  const inside = ingressInside?.href.replace(/\/$/, "");
  const changed: Readonly<Record<string, string>> = {
    REQUESTS: `${requests}`,
    PAUSE: "0",
    ...(inside === undefined ? {} : { BASE_URL: inside, BOARD_URL: inside }),
  };
  const containers = template.spec.containers.map((container) => ({
    ...container,
    env: [
      ...(container.env ?? []).filter(({ name }) => !(name in changed)),
      ...Object.entries(changed).map(([name, value]) => ({ name, value })),
    ],
  }));
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { ...spec.jobTemplate.metadata, name: job },
    spec: { ...rest, template: { ...template, spec: { ...template.spec, containers } } },
  };
}

/** The lines of a script's report that count, as one. */
export function figuresOf(log: string): string {
  const wanted = ["sent", "acknowledged", "stored", "difference"];
  const lines = log.split("\n").flatMap((line) => {
    const [, name = "", value = ""] = /^(\w+) {2,}(.+)$/.exec(line.trim()) ?? [];
    return wanted.includes(name) ? [`${name} ${value}`] : [];
  });
  return lines.join("; ");
}
