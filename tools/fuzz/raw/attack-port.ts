import { seededRandom } from "../../../lib/store/testing/random.ts";
import { type Finding, findingsMax, sentOf } from "../finding.ts";
import type { Row } from "../row.ts";
import type { Attack, RawTarget, Script } from "./attack.ts";
import { type Exchange, exchange } from "./exchange.ts";
import { type RawReply, repliesIn } from "./replies.ts";

/** What raw bytes left behind in the store's terms. */
export interface RawBook {
  /** Ids that a success told. */
  readonly taken: Set<string>;
  /** Ids that nobody may have taken for a request. */
  readonly hidden: Set<string>;
}

/** How a port is attacked. */
export interface AttackOptions {
  readonly attacks: readonly Attack[];
  /** How often each usual attack is done. */
  readonly times: number;
  readonly seed: number;
  readonly book: RawBook;
  readonly signal: AbortSignal;
  readonly isAlive: () => boolean;
}

const atOnce = 24;
const floodsLess = 20;
/** What Bun answers to a first line that is not of HTTP/1.1 (RFC 9110, section 15.6.6): nothing is asked of us then. */
const noSuchVersion = 505;

/** Does every attack to a port, some at a time. */
export async function attackPort(target: RawTarget, options: AttackOptions): Promise<Row> {
  const { attacks, times, seed, signal, isAlive } = options;
  const startedMs = performance.now();
  const tally = createTally(target, options);
  for (const [number, attack] of attacks.entries()) {
    const count = attack.size === "flood" ? Math.max(1, Math.floor(times / floodsLess)) : times;
    const left = Array.from({ length: count }, (_, index) => index);
    const one = async () => {
      for (let index = left.pop(); index !== undefined; index = left.pop()) {
        if (signal.aborted || !isAlive()) return;
        const random = seededRandom(seed + number * 1_000_003 + index);
        const script = attack.make(random, target);
        tally.add(attack, index, script, await exchange(target.port, script));
      }
    };
    const lanes = attack.size === "flood" ? 1 : atOnce;
    await Promise.all(Array.from({ length: lanes }, one));
    if (!isAlive()) {
      tally.died(attack);
      break;
    }
  }
  return tally.row(performance.now() - startedMs);
}

function createTally({ name, speaks }: RawTarget, { seed, book, attacks }: AttackOptions) {
  const counts = { sent: 0, taken: 0, refused: 0, other: 0 };
  const findings: Finding[] = [];
  let closed = 0;
  let found = 0;
  const find = (attack: Attack, index: number, what: string, script?: Script) => {
    found += 1;
    if (findings.length >= findingsMax) return;
    const sent = script === undefined ? {} : { sent: sentOf(Buffer.concat([...script.parts])) };
    findings.push({ at: name, what: `${attack.name}: ${what}`, seed, index, ...sent });
  };
  return {
    add(attack: Attack, index: number, script: Script, { got, wasClosed }: Exchange): void {
      counts.sent += 1;
      if (wasClosed) closed += 1;
      for (const id of script.hidden ?? []) book.hidden.add(id);
      const replies = speaks === "HTTP/1.1" ? repliesIn(got) : [];
      for (const why of faultsOf(replies, script)) find(attack, index, why, script);
      const good = replies.filter(isSuccess);
      for (const id of good.flatMap((each) => each.id ?? [])) book.taken.add(id);
      counts.taken += good.length;
      counts.refused += replies.filter(({ status }) => status >= 400).length;
      if (replies.length === 0) counts.other += 1;
    },
    died: (attack: Attack) => find(attack, 0, "the process has ended"),
    row: (tookMs: number): Row => ({
      ...{ part: "raw", place: `${name}, ${speaks}` },
      ...{ ...counts, tookMs, findings, found },
      notes: [
        `${attacks.length} kinds; the other side closed ${closed} of ${counts.sent} connections`,
      ],
    }),
  };
}

/** A relay without a store of keys says so to whoever sends a key of another kind than ours, as it is told to. */
function mayBe({ status, said }: RawReply): boolean {
  return status === noSuchVersion || (status === 503 && said.includes(":problem:no-keys"));
}

function isSuccess({ status }: RawReply): boolean {
  return status >= 200 && status < 300;
}

function faultsOf(replies: readonly RawReply[], { hidden = [], successes = 0 }: Script): string[] {
  const bad = replies.filter((reply) => reply.status >= 500 && !mayBe(reply));
  const wrong = replies.filter(({ status, id }) => status < 300 && id && hidden.includes(id));
  const good = replies.filter(isSuccess).length;
  return [
    ...bad.map(({ status }) => `answered ${status}`),
    ...wrong.map(({ id }) => `acknowledged the hidden event ${id}`),
    ...(good < successes ? [`${good} successes of ${successes}`] : []),
  ];
}
