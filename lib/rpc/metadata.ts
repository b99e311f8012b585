/** The gRPC metadata (of an error: its trailers) and the HTTP header that carry how each lane answered. */
export const laneOutcomes = "lane-outcomes";

/**
 * The metadata of a refusal that say after how many milliseconds another try may do better: what gRPC has for `Retry-After`,
 * and clients with a policy of retries keep to (gRFC A6).
 */
export const retryPushback = "grpc-retry-pushback-ms";

/** How much of the trailer is read, in characters, and how many lanes. */
const textMax = 2_000;
const lanesMax = 16;

/** Lanes as one line of ASCII: `kafka=stored; rabbit=unavailable`. */
export function formatLanes(lanes: Readonly<Record<string, string>>): string {
  const entries = Object.entries(lanes).slice(0, lanesMax);
  // A semicolon separates, and metadata takes visible ASCII only.
  const text = entries.map(([lane, outcome]) => `${plain(lane)}=${plain(outcome)}`).join("; ");
  return text.slice(0, textMax);
}

/** What `formatLanes` wrote; undefined where there is nothing to be made of it. */
export function parseLanes(text: string | null): Readonly<Record<string, string>> | undefined {
  const entries = (text ?? "")
    .slice(0, textMax)
    .split(";", lanesMax)
    .map((each) => /^\s*([\w-]+)=(.*)$/.exec(each))
    .flatMap((match) => (match === null ? [] : [[match[1], match[2]] as const]));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function plain(text: string): string {
  return text.replaceAll(/[^\x20-\x3a\x3c-\x7e]/g, "?");
}
