import { expect, test } from "bun:test";
import type { CronJob } from "../objects.ts";
import { figuresOf, jobFrom } from "./k6-job.ts";

const template: CronJob = {
  kind: "CronJob",
  metadata: { name: "k6" },
  spec: {
    jobTemplate: {
      metadata: { labels: { app: "k6" } },
      spec: {
        template: {
          spec: {
            containers: [
              {
                env: [
                  { name: "BASE_URL", value: "http://api" },
                  { name: "USERS", value: "10" },
                ],
              },
            ],
          },
        },
      },
    },
  },
};

test("jobFrom() makes a Job of the template, with the run's number of requests and way in", () => {
  const ingressInside = new URL("http://traefik.ingress");
  expect(jobFrom(template, { requests: 500, ingressInside })).toEqual({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "e2e-k6", labels: { app: "k6" } },
    spec: {
      template: {
        spec: {
          containers: [
            {
              env: [
                { name: "USERS", value: "10" },
                { name: "REQUESTS", value: "500" },
                { name: "PAUSE", value: "0" },
                { name: "BASE_URL", value: "http://traefik.ingress" },
                { name: "BOARD_URL", value: "http://traefik.ingress" },
              ],
            },
          ],
        },
      },
    },
  });
});

test("jobFrom() leaves the addresses where the run names no other", () => {
  const job = JSON.stringify(jobFrom(template, { requests: 10_000, ingressInside: undefined }));
  expect(job).toContain('{"name":"BASE_URL","value":"http://api"}');
});

test("figuresOf() takes the lines that count from a script's report", () => {
  const log = [
    "pipeline      clima-app: POST /clima by 10 users",
    "sent          1000 of 1000 (121/s)",
    "   ≤ 100 ms  █████  500  50.0 %",
    "acknowledged  1000, failed 0",
    "stored        1000, in flight 0",
    "difference    0",
  ].join("\n");
  expect(figuresOf(log)).toBe(
    "sent 1000 of 1000 (121/s); acknowledged 1000, failed 0; stored 1000, in flight 0; difference 0",
  );
});
