/** What the board says of `clima-app`, as far as a load run asks. */
export interface BoardClient {
  /** How many reports each municipality has, by name. */
  reports(): Promise<Readonly<Record<string, number>>>;
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

/** Asks the board behind `base`. */
export function boardClient(base: URL): BoardClient {
  const ask = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const url = new URL(`/api/clima-app/${path}`, base);
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`Cannot read ${url}: status is ${response.status}`);
    return response.json();
  };
  return {
    reports: async () => {
      const state = (await ask("state")) as Record<string, Record<string, string>>;
      const reports = Object.entries(state["reports:municipality"] ?? {});
      return Object.fromEntries(reports.map(([name, count]) => [name, Number(count)]));
    },
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
