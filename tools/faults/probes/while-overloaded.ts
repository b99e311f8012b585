import { pause } from "../../../lib/pause.ts";

const triesMax = 100;
const everyMs = 100;
const overloaded = 429;

/** Sends again what was refused for want of room, which a fault under load is not about; 10 s at most. */
export async function whileOverloaded<T extends { readonly status: number }>(
  send: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  let answer = await send();
  for (let tries = 1; answer.status === overloaded && tries < triesMax; tries += 1) {
    await pause(everyMs, signal);
    answer = await send();
  }
  return answer;
}
