import type { BadSlot } from "../fold-plan.ts";
import type { FoldResult, Verdict } from "../store.ts";
import foldSource from "./fold.lua" with { type: "text" };
import { createScript, runScript, type ScriptArgument } from "./script.ts";
import type { ValkeyClient } from "./valkey-client.ts";
import verdictsSource from "./verdicts.lua" with { type: "text" };

const foldScript = createScript(verdictsSource + foldSource);

/** What the script answers; `retry` asks for another plan, of what `verdicts` says is new. */
export type FoldReply =
  | (Extract<FoldResult, { status: "applied" }> & { readonly idCount: number })
  | Extract<FoldResult, { status: "behind" | "ahead" }>
  | Extract<FoldResult, { status: "unsettled" }>
  | { readonly status: "retry"; readonly verdicts: readonly Verdict[] }
  | { readonly status: "refused"; readonly bad: readonly BadSlot[] };

const verdictOf: Readonly<Record<string, Verdict>> = {
  a: "applied",
  d: "duplicate",
  l: "late",
  c: "conflict",
  x: "setAside",
  s: "skipped",
};

/** Runs the script once. */
export async function runFold(
  client: ValkeyClient,
  args: readonly ScriptArgument[],
): Promise<FoldReply> {
  const reply = await runScript(client, foldScript, args);
  const [status, first, second, third] = reply as [string, ...unknown[]];
  switch (status) {
    case "applied":
      return {
        status,
        verdicts: verdictsOf(String(first)),
        cursor: second === "" ? undefined : Number(second),
        idCount: Number(third),
      };
    case "behind":
    case "ahead":
      return { status, cursor: Number(first) };
    case "unsettled":
    case "retry":
      return { status, verdicts: verdictsOf(String(first)) };
    case "refused":
      return { status, bad: (first as [string, string | null, string, string][]).map(slotOf) };
    default:
      throw new Error(`the script gave an unknown answer: current value is ${status}`);
  }
}

function verdictsOf(codes: string): Verdict[] {
  return [...codes].map((code) => verdictOf[code] ?? unknownVerdict(code));
}

function unknownVerdict(code: string): never {
  throw new Error(`the script gave an unknown verdict: current value is ${code}`);
}

function slotOf([key, field, why, found]: [string, string | null, string, string]): BadSlot {
  return { key, field: field ?? undefined, why: why as BadSlot["why"], found };
}
