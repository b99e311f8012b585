import { expect, test } from "bun:test";
import { join } from "node:path";
import { newEventId } from "../../event/event-id.ts";
import { until } from "../../testing/until.ts";
import { keysSuite } from "../keys.suite.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { embeddedKeys } from "./embedded-keys.ts";

keysSuite("embedded keys", (options = {}) => {
  const dir = tempDir();
  const file = join(dir.path, "keys.db");
  return {
    connect: () => embeddedKeys({ file, ...options }),
    [Symbol.asyncDispose]: async () => dir[Symbol.dispose](),
  };
});

test("claim() refuses more keys than it may hold, until some are over", async () => {
  await using keys = embeddedKeys({ file: ":memory:", windowMs: 500, keysMax: 3 });
  const id = newEventId();
  await keys.claim("a", id, 1);
  await keys.claim("b", newEventId(), 1);
  await keys.claim("c", newEventId(), 1);
  await expect(keys.claim("d", newEventId(), 1)).rejects.toThrow(
    "Cannot claim a key in :memory:: it is full: current value is 3 keys",
  );
  expect(await keys.claim("a", newEventId(), 1)).toEqual({ claimed: true, id });
  await until("room for the key", () => keys.claim("d", newEventId(), 1));
});
