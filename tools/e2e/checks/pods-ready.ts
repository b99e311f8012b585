import { pathsOf } from "../../../loadtest/mixes/mix.ts";

import type { Check, CheckContext } from "../check.ts";
import { allReady } from "../ready.ts";
import { sendThrough } from "../send-through.ts";

/**
 * Every pod of the chart is ready, and an event is acknowledged. The latter may take some seconds more: names of pods that
 * have just become ready are not known everywhere yet.
 */
export const podsReady: Check = {
  name: "every pod is ready, an event goes through",
  run: async (context) => {
    const ready = await allReady(context);
    const restarts = ready
      .flatMap(({ status }) => status.containerStatuses ?? [])
      .reduce((sum, { restartCount }) => sum + restartCount, 0);
    context.say("sending the first event");
    const attempts = await firstEvent(context);
    return `${ready.length} pods, ${restarts} restarts; acknowledged at attempt ${attempts}`;
  },
};

/** How many attempts the first event took, on every path. */
async function firstEvent({ chart, ingress, signal }: CheckContext): Promise<number> {
  const { mix, route } = chart;
  const body = JSON.stringify(mix.event(0).body);
  let most = 0;
  for (const path of pathsOf(mix, route)) {
    const url = new URL(path, ingress);
    const { acknowledged, attempts, failure } = await sendThrough(
      url,
      body,
      Bun.randomUUIDv7(),
      signal,
    );
    if (acknowledged === undefined) {
      throw new Error(`No event goes through ${url}: ${failure?.kind} ${failure?.detail}`);
    }
    most = Math.max(most, attempts);
  }
  return most;
}
