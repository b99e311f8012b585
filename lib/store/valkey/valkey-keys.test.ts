import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { parts } from "../../../tools/parts/testing.ts";
import type { Valkey } from "../../../tools/parts/valkey.ts";
import { newEventId } from "../../event/event-id.ts";
import { type KeysUnderTest, keysSuite } from "../keys.suite.ts";
import { removeAll } from "../testing/valkey-under-test.ts";
import { type WatchedValkeyUnderTest, watchedValkey } from "../testing/watched-valkey.ts";
import { type ValkeyKeysOptions, valkeyKeys } from "./valkey-keys.ts";

function keysUnderTest({ url, ...options }: ValkeyKeysOptions & { url: string }): KeysUnderTest {
  const prefix = `${crypto.randomUUID()}:`;
  return {
    connect: () => valkeyKeys({ url, prefix, ...options }),
    [Symbol.asyncDispose]: () => removeAll(url, prefix),
  };
}

describe.skipIf(!parts)("a real Valkey", () => {
  keysSuite("Valkey keys", (options) => keysUnderTest({ url: parts?.valkey ?? "", ...options }));
});

describe.skipIf(!parts)("a real Valkey under sentinels", () => {
  let valkey: WatchedValkeyUnderTest;
  beforeAll(async () => {
    valkey = await watchedValkey();
  });
  afterAll(() => valkey[Symbol.asyncDispose]());
  keysSuite("Valkey keys", (options) => keysUnderTest({ url: valkey.url, ...options }));
});

describe.skipIf(!parts)("a real Valkey, every key on a copy too", () => {
  let valkey: (Valkey & AsyncDisposable) | undefined;
  beforeAll(async () => {
    valkey = await parts?.startValkey({ replicas: 1 });
  });
  afterAll(() => valkey?.[Symbol.asyncDispose]());
  keysSuite("Valkey keys", (options) =>
    keysUnderTest({ url: valkey?.url ?? "", replicas: 1, ...options }),
  );
});

test("claim() fails at once where there is no Valkey", async () => {
  await using keys = valkeyKeys({ url: "redis://user:secret@127.0.0.1:1/2" });
  await expect(keys.claim("a", newEventId(), 1)).rejects.toThrow(
    "Cannot claim a key in redis://127.0.0.1:1/2: it is not connected: connect ECONNREFUSED",
  );
});
