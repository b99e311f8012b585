/** What the board says of a pipeline, as far as a load run asks. */
export interface BoardClient {
  /** What `GET /api/<pipeline>/state` shows. */
  state(): Promise<Readonly<Record<string, unknown>>>;
  ledger(): Promise<LedgerView>;
  /** Those of the ids that had no effect. */
  missing(ids: readonly string[]): Promise<readonly string[]>;
}

/** The ledger's totals. */
export interface LedgerView {
  readonly accepted: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly deadLettered: number;
  readonly inFlight: number;
  readonly closes: boolean;
  readonly lanes: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const idsAtOnce = 1_000;
const answerMs = 10_000;

/** Asks the board behind `base` about a pipeline. @default pipeline `clima-app` */
export function boardClient(base: URL, pipeline = "clima-app"): BoardClient {
  const ask = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const url = new URL(`/api/${pipeline}/${path}`, base);
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(answerMs) });
    if (!response.ok) {
      throw new Error(
        `Cannot read ${url}: it must answer 200: current value is ${response.status}`,
      );
    }
    return response.json();
  };
  return {
    state: async () => (await ask("state")) as Record<string, unknown>,
    ledger: async () => (await ask("ledger")) as LedgerView,
    missing: async (ids) => {
      const missing: string[] = [];
      for (let at = 0; at < ids.length; at += idsAtOnce) {
        const answer = await ask("missing", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ ids: ids.slice(at, at + idsAtOnce) }),
        });
        missing.push(...(answer as { missing: string[] }).missing);
      }
      return missing;
    },
  };
}
