import type { Fault, FaultContext } from "../fault.ts";
import { probe } from "../probes/probe.ts";
import { rawHttp } from "../probes/raw-http.ts";
import { goodTweet } from "../probes/tweet.ts";
import { plain } from "../rigs.ts";

const body = JSON.stringify(goodTweet);
const json = "application/json";

/** A request that is wrong as HTTP: its method, path, header lines, and the statuses that are right. */
type Case = readonly [
  method: string,
  path: string,
  headers: readonly string[],
  expected: readonly number[],
];

const cases: readonly Case[] = [
  ["POST", "/clima", ["content-type: text/plain"], [415]],
  ["POST", "/clima", ["content-type: application/json;charset=latin1"], [415]],
  ["POST", "/clima", [], [415]],
  ["GET", "/clima", [], [405]],
  ["PUT", "/clima", [`content-type: ${json}`], [405]],
  ["DELETE", "/clima", [], [405]],
  ["HEAD", "/clima", [], [405]],
  ["OPTIONS", "/clima", [], [204, 200, 405]],
  ["POST", "/nowhere", [`content-type: ${json}`], [404]],
  ["POST", "/clima/extra", [`content-type: ${json}`], [404]],
  ["POST", "/clima", [`content-type: ${json}`, `x-large: ${"x".repeat(20_000)}`], [431]],
];

/** Requests that are wrong as HTTP. */
export const doorRequests: Fault = {
  numbers: [4],
  name: "door-requests",
  title: "wrong content type, method, path; HEAD, OPTIONS, huge headers",
  rig: plain,
  targets: ["kafka", "rabbit", "both"],
  short: ["both"],
  perSecond: 50,
  strike: async (context) => {
    for (const each of cases) await tried(context, each);
    context.note(`${cases.length} requests`);
  },
};

async function tried(context: FaultContext, [method, path, lines, expected]: Case): Promise<void> {
  const key = Bun.randomUUIDv7();
  const port = context.rig.portOf("clima-app-api", "http");
  const [line = "no content type"] = lines;
  const head = [
    `${method} ${path} HTTP/1.1`,
    "host: 127.0.0.1",
    `idempotency-key: ${key}`,
    ...(["POST", "PUT"].includes(method) ? [`content-length: ${body.length}`] : []),
    ...lines,
  ];
  await probe(context, {
    ...{ what: `${method} ${path} (${line.slice(0, 40)})`, key, expected },
    send: async () => {
      const withBody = ["POST", "PUT"].includes(method) ? [body] : [];
      const reply = await rawHttp(port, [`${head.join("\r\n")}\r\n\r\n`, ...withBody]);
      if (reply.status === 405 && !/^allow: /im.test(reply.text)) {
        context.miss(`${method} ${path}: 405 without Allow`);
      }
      return reply.status;
    },
    // Answers without an effect of their own, such as that to OPTIONS.
    outcomeOf: (status) => (status === 0 || status >= 500 ? "unknown" : "refused"),
  });
}
