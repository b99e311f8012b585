import type { Lane } from "../../../../../lib/pipeline/station.ts";
import type { Outcome } from "../figures/outcomes.ts";
import type { Part } from "../live/picture.ts";
import type { Theme } from "../people/theme.ts";

/** Everything that the page says in one language; a text that is missing does not compile. */
export interface Texts {
  readonly skip: string;
  readonly home: string;
  readonly pipelines: string;
  readonly language: string;
  readonly theme: string;
  readonly themes: Readonly<Record<Theme, string>>;
  readonly status: {
    readonly connecting: string;
    readonly live: string;
    retrying(since: string): string;
    readonly polling: string;
    /** `since` is undefined where the page never had news. */
    lost(since: string | undefined): string;
  };
  /** A part does not answer; what is shown is as old as `since`. */
  away(part: Part, since: string): string;
  readonly waiting: string;
  readonly nothingYet: string;
  readonly noPipelines: string;
  readonly missing: string;
  missingHint(address: string): string;
  readonly count: string;
  readonly share: string;
  readonly chart: string;
  readonly latest: string;
  readonly series: string;
  readonly lowest: string;
  readonly highest: string;
  others(labels: string): string;
  readonly total: string;
  readonly ledger: {
    readonly title: string;
    readonly hint: string;
    readonly table: string;
    readonly picture: string;
    readonly received: string;
    readonly stored: string;
    readonly lane: string;
    readonly outcome: Readonly<Record<Outcome, string>>;
    readonly allLanes: string;
    readonly check: string;
    readonly closes: string;
    readonly open: string;
    readonly unproven: string;
    fault(reason: string): string;
  };
  readonly lanes: Readonly<Record<Lane, string>>;
  readonly lag: {
    readonly title: string;
    readonly partition: string;
    readonly end: string;
    readonly cursor: string;
    readonly lag: string;
    readonly away: string;
  };
  readonly letters: {
    readonly title: string;
    waiting(count: string): string;
    readonly none: string;
    readonly unread: string;
    readonly newest: string;
    readonly at: string;
    readonly reason: string;
    readonly attempts: string;
    readonly body: string;
  };
}
