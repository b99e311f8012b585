import { pause } from "../../../lib/pause.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { everyMs, watchProcesses } from "../instrument/process-watch.ts";
import { plain } from "../rigs.ts";

const rates = [100, 200, 300, 400, 500, 600, 800, 1_000, 1_300, 1_600, 2_000];
const tryMs = 5_000;
/** A rate is within capacity where nearly all is acknowledged, soon. */
const ackedLeast = 0.99;
const slowMs = 1_000;
const share = 0.7;
const soakMs = 600_000;
/** The first part, in which caches fill, says nothing of what grows for ever. */
const fillMs = 120_000;
const slopeMax = 3;

/** Ten minutes at 70 % of what the system can take. */
export const soak: Fault = {
  numbers: [29],
  name: "soak",
  title: "10 minutes at 70 % of capacity",
  rig: plain,
  targets: ["both"],
  notWith: "kafka, rabbit: under both everything works that works under either",
  perSecond: 50,
  strike: async (context) => {
    const { client, signal, note, miss, say, rig } = context;
    const capacity = await capacityOf(context);
    const perSecond = Math.floor(capacity * share);
    say(`capacity ${capacity}/s: ${perSecond}/s for ${soakMs / 60_000} minutes`);
    await pause(tryMs, signal);
    client.start(perSecond);
    await pause(fillMs, signal);
    using watch = watchProcesses(rig.services);
    await pause(soakMs - fillMs, signal);
    const slopes = [...watch.report().samples].map(([name, all]) => [name, slopeOf(all)] as const);
    const [most, slope] = slopes.reduce((a, b) => (b[1] > a[1] ? b : a));
    note(
      `${perSecond}/s of ${capacity}/s; memory grows by ${slope.toFixed(2)} MiB a minute at most`,
    );
    if (slope > slopeMax) miss(`${most} grows by ${slope.toFixed(2)} MiB a minute`);
    await client.stop();
    client.start(soak.perSecond);
  },
};

/** The highest of some rates that is taken without loss of time. */
async function capacityOf({ client, signal, say }: FaultContext): Promise<number> {
  let capacity = 0;
  for (const rate of rates) {
    await client.stop();
    const from = client.samples.length;
    client.start(rate);
    await pause(tryMs, signal);
    await client.stop();
    const samples = client.samples.slice(from);
    const good = samples.filter(
      ({ outcome, latencyMs }) => outcome === "acked" && latencyMs < slowMs,
    );
    say(`${rate}/s: ${good.length} of ${samples.length} acknowledged within ${slowMs} ms`);
    if (good.length < samples.length * ackedLeast) break;
    capacity = rate;
  }
  return capacity;
}

/** How much samples rise, in their unit a minute: the slope of the line with the least squares. */
function slopeOf(samples: readonly number[]): number {
  const middle = (samples.length - 1) / 2;
  const mean = samples.reduce((sum, each) => sum + each, 0) / samples.length;
  let [above, below] = [0, 0];
  for (const [index, value] of samples.entries()) {
    above += (index - middle) * (value - mean);
    below += (index - middle) ** 2;
  }
  return below === 0 ? 0 : (above / below) * (60_000 / everyMs);
}
