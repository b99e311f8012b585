import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parts } from "../../../tools/parts/testing.ts";
import { besideSuite } from "../beside.suite.ts";
import { privateValkey } from "../testing/private-valkey.ts";
import { redisAt } from "../testing/redis-at.ts";
import { watchedValkey } from "../testing/watched-valkey.ts";
import { valkeyBeside } from "./valkey-beside.ts";
import { valkeyStore } from "./valkey-store.ts";

const pipeline = "clima-app";

/** The rights that the documentation gives to whoever rebuilds. */
function documentedRights(): readonly string[] {
  const text = readFileSync(join(import.meta.dir, "../../../docs/operations.md"), "utf8");
  const [, rights = ""] = /ACL SETUSER rebuild on '>secret' (.+)/.exec(text) ?? [];
  return rights.replaceAll("'", "").split(" ");
}

/** The live store is in database 2, and whoever opens one beside it is the documentation's user. */
async function valkeyUnderTest() {
  const server = await privateValkey();
  const { port, url } = server.valkey;
  await server.redis.acl("SETUSER", "rebuild", "on", ">secret", ...documentedRights());
  const live = valkeyStore({ url: `${url}/2` });
  const as = `redis://rebuild:secret@127.0.0.1:${port}/2`;
  return {
    ...{ live, server },
    open: () => valkeyBeside({ url: as, pipeline }),
    async [Symbol.asyncDispose]() {
      await live[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** The same under sentinels, which ask nobody who they are, so that the login is for the servers alone. */
async function watchedUnderTest() {
  const server = await watchedValkey();
  const { port } = await server.primary();
  const redis = redisAt(`redis://127.0.0.1:${port}`);
  await redis.acl("SETUSER", "rebuild", "on", ">secret", ...documentedRights());
  redis.disconnect();
  const live = valkeyStore({ url: `${server.url}/2` });
  const as = `${server.url.replace("://", "://rebuild:secret@")}/2?sentinelPassword=`;
  return {
    live,
    open: () => valkeyBeside({ url: as, pipeline }),
    async [Symbol.asyncDispose]() {
      await live[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe.skipIf(!parts)("a real Valkey", () => {
  besideSuite("a store beside one in Valkey", valkeyUnderTest);
  besideSuite("a store beside one under sentinels", watchedUnderTest);

  test("valkeyBeside() that another has taken the database from does not swap it", async () => {
    await using under = await valkeyUnderTest();
    await using first = await under.open();
    await using second = await under.open();
    await expect(first.swap({ others: {}, keep: false })).rejects.toThrow("has taken the fresh");
    expect(await second.swap({ others: {}, keep: true })).toEqual({
      ...{ status: "swapped", kept: "logical database 15" },
    });
  });

  test("valkeyBeside() takes no database that holds anything else", async () => {
    await using under = await valkeyUnderTest();
    const { redis } = under.server;
    for (let at = 3; at < 16; at++) {
      await redis.select(at);
      await redis.set("somebody", "else");
    }
    {
      await using stores = await under.open();
      expect(await stores.swap({ others: {}, keep: false })).toMatchObject({ status: "swapped" });
    }
    for (const at of [0, 1]) {
      await redis.select(at);
      await redis.set("somebody", "else");
    }
    await expect(under.open()).rejects.toThrow("it has no empty logical database");
  });

  test("valkeyBeside() says which right is missing", async () => {
    await using under = await valkeyUnderTest();
    await under.server.redis.acl("SETUSER", "rebuild", "-flushdb");
    await expect(under.open()).rejects.toThrow(/Cannot reserve a database of \S+: .*flushdb/i);
  });
});
