import { afterAll, beforeAll, describe } from "bun:test";
import { parts } from "../../../tools/parts/testing.ts";
import type { Valkey } from "../../../tools/parts/valkey.ts";
import { storeSuite } from "../store.suite.ts";
import { valkeyUnderTest } from "../testing/valkey-under-test.ts";
import { type WatchedValkeyUnderTest, watchedValkey } from "../testing/watched-valkey.ts";

describe.skipIf(!parts)("a real Valkey", () => {
  storeSuite(valkeyUnderTest(parts?.valkey ?? ""));
});

describe.skipIf(!parts)("a real Valkey under sentinels", () => {
  let valkey: WatchedValkeyUnderTest;
  beforeAll(async () => {
    valkey = await watchedValkey();
  });
  afterAll(() => valkey[Symbol.asyncDispose]());
  storeSuite({
    name: "Valkey store",
    fresh: (options) => valkeyUnderTest(valkey.url).fresh(options),
  });
});

describe.skipIf(!parts)("a real Valkey, every change on a copy too", () => {
  let valkey: (Valkey & AsyncDisposable) | undefined;
  beforeAll(async () => {
    valkey = await parts?.startValkey({ replicas: 1 });
  });
  afterAll(() => valkey?.[Symbol.asyncDispose]());
  storeSuite({
    name: "Valkey store",
    fresh: (options) => valkeyUnderTest(valkey?.url ?? "", 1).fresh(options),
  });
});
