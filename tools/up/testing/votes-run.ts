import { expect } from "bun:test";
import { until } from "../../../lib/testing/until.ts";
import { findMix } from "../../../loadtest/mixes/find-mix.ts";
import { holds, reportLines } from "../../../loadtest/report.ts";
import { runLoad } from "../../../loadtest/run-load.ts";
import type { OwnSystem } from "./own-system.ts";
import { votesPerBand } from "./votes-log.ts";

/** What happens when that many votes have been sent. */
export type Strikes = Readonly<Record<number, () => Promise<void>>>;

/** The process that writes votes to both stores. */
export const consumer = "votaciones-consumer";

/** How long things may take while a consumer or a store comes back. */
export const patience = { timeoutMs: 60_000, everyMs: 100 };

/** Sends 1,000 votes by both routes, `users` at a time, and expects that each has one effect in Redis. */
export async function sendVotes(
  system: OwnSystem,
  strikes: Strikes = {},
  users = 10,
): Promise<void> {
  const struck: Promise<void>[] = [];
  const result = await runLoad(
    {
      url: new URL(system.get().urls.http),
      mix: findMix("votaciones"),
      requests: 1_000,
      users,
      keys: true,
      drainMs: 90_000,
    },
    (done) => {
      const strike = strikes[done];
      if (strike !== undefined) struck.push(strike());
    },
  );
  await Promise.all(struck);
  if (!holds(result)) process.stderr.write(`${reportLines(result).join("\n")}\n`);
  expect(result.paths).toEqual(["/rust/send_data", "/grpc/insert"]);
  expect(holds(result)).toBe(true);
  expect(result.ledger.deadLettered).toBe(0);
}

/** A consumer killed twice, MongoDB and Redis stopped and started on the way. */
export function fire(system: OwnSystem): Strikes {
  const child = (name: string) => system.child(name);
  return {
    150: () => killConsumer(system),
    300: () => child("mongo1").stop(),
    500: () => child("mongo1").start(),
    650: () => killConsumer(system),
    750: async () => {
      await child("valkey1").stop();
      await child("valkey1").start();
    },
  };
}

/** Waits for the log, whose last batch may be on its way when Redis has all, and expects one effect in each place. */
export async function expectVotes(system: OwnSystem, count: number): Promise<void> {
  await until(
    `${count} votes in both`,
    async () => {
      const { documents, total } = await votesPerBand(system);
      return documents >= count && total >= count;
    },
    patience,
  );
  const votes = await votesPerBand(system);
  expect([votes.documents, votes.ids, votes.total]).toEqual([count, count, count]);
  expect(votes.inCollection).toEqual(votes.inVotosBanda);
  expect(votes.inCollection).toEqual(votes.inBands);
}

/** Kills the consumer, once it runs, and waits for another one. */
async function killConsumer(system: OwnSystem): Promise<void> {
  const pid = await until("a consumer", () => system.child(consumer).pid, patience);
  process.kill(pid, "SIGKILL");
  await until(
    "another consumer",
    () => ![undefined, pid].includes(system.child(consumer).pid),
    patience,
  );
}
