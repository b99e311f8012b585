import { problem } from "../../lib/door/problem.ts";
import { type Answer, type Parameter, refusal } from "./open-api.ts";
import { targetOf } from "./request-target.ts";

const limits = { min: 1, max: 100, usual: 20 };

/** The parameter that `withLimit` reads. */
export const limitParameter: Parameter = {
  name: "limit",
  in: "query",
  description: "How many, the newest first.",
  required: false,
  schema: { type: "integer", minimum: limits.min, maximum: limits.max, default: limits.usual },
};

/** What `withLimit` refuses. */
export const badLimit: Readonly<Record<string, Answer>> = {
  400: refusal(`\`limit\` is not a whole number from ${limits.min} to ${limits.max}.`),
};

/** Answers with the request's `limit`, 20 where it has none; one that is no whole number from 1 to 100 is 400. */
export function withLimit(
  request: Request,
  answer: (limit: number) => Response | Promise<Response>,
): Response | Promise<Response> {
  const raw = targetOf(request).query.get("limit");
  const limit = raw === null ? limits.usual : /^\d{1,9}$/.test(raw) ? Number(raw) : Number.NaN;
  if (limit >= limits.min && limit <= limits.max) return answer(limit);
  const detail = `limit must be a whole number from ${limits.min} to ${limits.max}`;
  return problem({ kind: "bad-query", detail });
}
