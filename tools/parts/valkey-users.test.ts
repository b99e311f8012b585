import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { usersFile, valkeyUsers } from "../../charts/constructs/valkey-users.ts";
import { newEventId } from "../../lib/event/event-id.ts";
import { keysSuite } from "../../lib/store/keys.suite.ts";
import { storeSuite } from "../../lib/store/store.suite.ts";
import type { Store } from "../../lib/store/store.ts";
import { rangeBatch, ticks } from "../../lib/store/testing/fold-events.ts";
import { removeAll } from "../../lib/store/testing/valkey-under-test.ts";
import { valkeyKeys } from "../../lib/store/valkey/valkey-keys.ts";
import { valkeyStore } from "../../lib/store/valkey/valkey-store.ts";
import { until } from "../../lib/testing/until.ts";
import { parts } from "./testing.ts";
import type { Valkey } from "./valkey.ts";

const passwordOf = (user: string) => `${user}-s3cret_`;

/** A Valkey with the users that charts give it, and one more to look after it. */
async function startWithUsers(): Promise<Valkey & AsyncDisposable> {
  if (!parts) throw new Error("Cannot start a Valkey: no programs are installed");
  const valkey = await parts.startValkey();
  const redis = new Redis(valkey.url);
  const file = usersFile({ ...valkeyUsers, keeper: "~* &* +@all" }, passwordOf);
  // The one that this connection is goes last.
  for (const line of file.trim().split("\n").toReversed()) {
    await redis.call("ACL", "SETUSER", ...line.split(" ").slice(1));
  }
  redis.disconnect();
  return valkey;
}

const urlOf = ({ port }: { readonly port: number }, user: string, database = 0) =>
  `redis://${user}:${passwordOf(user)}@127.0.0.1:${port}/${database}`;

describe.skipIf(!parts)("under the users of our charts", () => {
  let valkey: Valkey & AsyncDisposable;
  const ask = async (user: string, ...[command = "", ...rest]: string[]) => {
    const redis = new Redis(urlOf(valkey, user));
    try {
      return String(await redis.call(command, ...rest).catch((error: Error) => error.message));
    } finally {
      redis.disconnect();
    }
  };
  beforeAll(async () => {
    valkey = await startWithUsers();
  });
  afterAll(() => valkey[Symbol.asyncDispose]());

  storeSuite({
    name: "the consumer writes what the board reads",
    fresh(options = {}) {
      const prefix = `${crypto.randomUUID()}:`;
      return {
        connect(): Store {
          const consumer = valkeyStore({ url: urlOf(valkey, "consumer"), prefix, ...options });
          const board = valkeyStore({ url: urlOf(valkey, "board"), prefix });
          return {
            apply: consumer.apply,
            cursors: consumer.cursors,
            read: board.read,
            async [Symbol.asyncDispose]() {
              await consumer[Symbol.asyncDispose]();
              await board[Symbol.asyncDispose]();
            },
          };
        },
        [Symbol.asyncDispose]: () => removeAll(urlOf(valkey, "keeper"), prefix),
      };
    },
  });

  let database = 0;
  keysSuite("the relay claims keys", (options = {}) => {
    database += 1;
    const url = urlOf(valkey, "relay", database);
    return {
      connect: () => valkeyKeys({ url, ...options }),
      async [Symbol.asyncDispose]() {},
    };
  });

  test("the board's own check of the store works", async () => {
    await using store = valkeyStore({ url: urlOf(valkey, "board") });
    expect((await store.cursors([])).size).toBe(0);
    expect((await store.cursors(["none/0"])).size).toBe(0);
  });

  test("the relay sees no counter, the board writes none, nobody is an operator", async () => {
    expect(await ask("relay", "GET", "municipality:mixco")).toContain("NOPERM");
    expect(await ask("relay", "SET", "municipality:mixco", "1")).toContain("NOPERM");
    expect(await ask("board", "SET", "municipality:mixco", "1")).toContain("NOPERM");
    expect(await ask("board", "EVAL", "return 1", "0")).toContain("NOPERM");
    for (const user of Object.keys(valkeyUsers)) {
      for (const command of ["FLUSHALL", "KEYS *", "CONFIG GET *", "ACL LIST", "SHUTDOWN"]) {
        expect(await ask(user, ...command.split(" "))).toContain("NOPERM");
      }
    }
  });

  test("whoever has no name or no password gets nothing", async () => {
    await using nobody = valkeyKeys({ url: `redis://127.0.0.1:${valkey.port}` });
    await expect(nobody.claim("a", newEventId(), 1)).rejects.toThrow(/NOAUTH/);
    await using liar = valkeyKeys({ url: `redis://relay:guess@127.0.0.1:${valkey.port}` });
    await expect(liar.claim("a", newEventId(), 1)).rejects.toThrow(/WRONGPASS/);
  });

  test("the replica follows, and the probe sees that it does", async () => {
    await using follower = await startWithUsers();
    const redis = new Redis(urlOf(follower, "keeper"));
    await redis.config("SET", "primaryuser", "replica", "primaryauth", passwordOf("replica"));
    await redis.call("REPLICAOF", "127.0.0.1", `${valkey.port}`);
    const probe = new Redis(urlOf(follower, "probe"));
    const follows = async () =>
      (await probe.info("replication")).includes("master_link_status:up") && "up";
    expect(await until("the replica to follow", follows)).toBe("up");
    probe.disconnect();
    redis.disconnect();
  });

  test("what was folded is there again after the end of the server, read under these users", async () => {
    if (!parts) return;
    const folder = mkdtempSync(join(tmpdir(), "valkey-users-"));
    const aclfile = join(folder, "users.acl");
    const file = usersFile({ ...valkeyUsers, keeper: "~* &* +@all" }, passwordOf);
    try {
      writeFileSync(aclfile, file);
      await using server = await parts.startValkey({ settings: { aclfile } });
      {
        await using store = valkeyStore({ url: urlOf(server, "consumer") });
        await store.apply(rangeBatch(0, ticks(50)));
      }
      await server.server.kill();
      await server.server.start();
      await using store = valkeyStore({ url: urlOf(server, "board") });
      const { lanes } = await until("the store", () => store.read({}));
      expect(lanes.kafka?.applied).toBe(50);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 30_000);
});
