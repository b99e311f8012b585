import { locustOf } from "../chart-under-test.ts";
import type { Check } from "../check.ts";

const answerMs = 10_000;

/** Locust's page and one of its scripts, under the path that the Ingress leads to it. */
export const locustPage: Check = {
  name: "/locust answers",
  lacks: (chart) => (locustOf(chart) === undefined ? "Locust" : undefined),
  run: async ({ ingress }) => {
    const page = new URL("/locust/", ingress);
    const text = await read(page);
    const [, asset] = /src="([^"]+\.js)"/.exec(text) ?? [];
    if (!text.includes("Locust") || asset === undefined) {
      throw new Error(`Cannot see Locust: ${page} answered ${text.slice(0, 200)}`);
    }
    const script = await read(new URL(asset, page));
    return `the page, ${text.length} characters, and its script, ${script.length}`;
  },
};

async function read(url: URL): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(answerMs) });
  if (response.status === 200) return response.text();
  throw new Error(`Cannot read ${url}: it must answer 200: current value is ${response.status}`);
}
