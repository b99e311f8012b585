import type { Answer } from "../../loadtest/post.ts";
import { isRefusal, type Outcome, send } from "../../loadtest/send.ts";

/**
 * Sends one event through an Ingress until it is acknowledged. Where a path leads to no pod that is ready, an Ingress
 * answers 404 in words of its own, which is no refusal: the pods come back.
 */
export function sendThrough(
  url: URL,
  body: string,
  key: string,
  signal: AbortSignal,
): Promise<Outcome> {
  return send(url, body, key, signal, isDoorsRefusal);
}

function isDoorsRefusal(answer: Answer): boolean {
  return isRefusal(answer) && (answer.status !== 404 || answer.problem);
}
