import { describe, expect, test } from "bun:test";
import { Redis } from "ioredis";
import {
  sentinelUser,
  sentinelUsers,
  usersFile,
  valkeyUsers,
} from "../../charts/constructs/valkey-users.ts";
import { newEventId } from "../../lib/event/event-id.ts";
import { laneBatch, ticks } from "../../lib/store/testing/fold-events.ts";
import { watchedValkey } from "../../lib/store/testing/watched-valkey.ts";
import { valkeyKeys } from "../../lib/store/valkey/valkey-keys.ts";
import { valkeyStore } from "../../lib/store/valkey/valkey-store.ts";
import { until } from "../../lib/testing/until.ts";
import { parts } from "./testing.ts";

const passwordOf = (user: string) => `${user}-s3cret_`;
const loginOf = (user: string) => ({ user, password: passwordOf(user) });
const patiently = { timeoutMs: 60_000, everyMs: 50 };
const keeper = { keeper: "~* &* +@all" };
const clients = ["relay", "consumer", "board"];

const start = () =>
  watchedValkey({
    access: {
      servers: usersFile({ ...valkeyUsers, ...sentinelUser, ...keeper }, passwordOf),
      sentinels: usersFile({ ...sentinelUsers(clients), ...keeper }, passwordOf),
      sentinel: loginOf("sentinel"),
      replica: loginOf("replica"),
      probe: loginOf("probe"),
      keeper: loginOf("keeper"),
    },
  });

/** What was refused at a port, each as `user command`. */
async function refusedAt(port: number): Promise<readonly string[]> {
  const redis = new Redis({ port, username: "keeper", password: passwordOf("keeper") });
  try {
    const log = (await redis.call("ACL", "LOG", "100")) as unknown[][];
    return log.map((entry) => {
      const fields = new Map(entry.map((each, at) => [String(each), String(entry[at + 1])]));
      return `${fields.get("username")}: ${fields.get("reason")} ${fields.get("object")}`;
    });
  } finally {
    redis.disconnect();
  }
}

describe.skipIf(!parts)("under the users of our charts, sentinels", () => {
  test("lead every client to the primary, replace it, and are refused nothing that they ask", async () => {
    await using valkey = await start();
    const urlOf = (user: string) => valkey.url.replace("://", `://${user}:${passwordOf(user)}@`);
    await using store = valkeyStore({ url: urlOf("consumer"), replicas: 1 });
    await using keys = valkeyKeys({ url: urlOf("relay"), replicas: 1 });
    await using board = valkeyStore({ url: urlOf("board") });
    await until("a batch", () => store.apply(laneBatch("rabbit", ticks(3))), patiently);
    const id = newEventId();
    await keys.claim("a", id, 1);
    const first = await valkey.primary();
    await first.server.kill();
    await valkey.primaryAfter(first);
    await first.server.start();
    await until("all three again", () => valkey.whole(), patiently);
    await until("a batch", () => store.apply(laneBatch("rabbit", ticks(2))), patiently);
    const claimed = await until("the key", () => keys.claim("a", newEventId(), 1), patiently);
    expect(claimed).toEqual({ claimed: true, id });
    const query = { keys: [{ key: "total", kind: "value" }] } as const;
    expect((await until("the board", () => board.read(query), patiently)).keys).toEqual(["5"]);
    for (const { port } of [...valkey.servers, ...valkey.sentinels]) {
      expect([port, ...(await refusedAt(port))]).toEqual([port]);
    }
  }, 120_000);

  test("let nobody but their own rule", async () => {
    await using valkey = await start();
    const [sentinel] = valkey.sentinels;
    const ask = async (user: string | undefined, command: string) => {
      const redis = new Redis(sentinel?.port ?? 0, {
        enableReadyCheck: false,
        ...(user && { username: user, password: passwordOf(user) }),
      });
      redis.on("error", () => {});
      const [name = "", ...rest] = command.split(" ");
      const reply = await redis.call(name, ...rest).catch((error: Error) => error.message);
      redis.disconnect();
      return String(reply);
    };
    for (const user of [...clients, "probe"]) {
      for (const what of [
        "FAILOVER primary",
        "REMOVE primary",
        "SET primary quorum 1",
        "RESET *",
      ]) {
        expect(await ask(user, `SENTINEL ${what}`)).toContain("NOPERM");
      }
      expect(await ask(user, "PUBLISH __sentinel__:hello lies")).toContain("NOPERM");
      expect(await ask(user, "ACL LIST")).toContain("NOPERM");
    }
    expect(await ask(undefined, "SENTINEL GET-MASTER-ADDR-BY-NAME primary")).toContain("NOAUTH");
  }, 60_000);
});
