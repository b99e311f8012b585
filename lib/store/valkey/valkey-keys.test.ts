import { describe, expect, test } from "bun:test";
import { parts } from "../../../tools/parts/testing.ts";
import { newEventId } from "../../event/event-id.ts";
import { keysSuite } from "../keys.suite.ts";
import { removeAll } from "../testing/valkey-under-test.ts";
import { valkeyKeys } from "./valkey-keys.ts";

describe.skipIf(!parts)("a real Valkey", () => {
  const url = parts?.valkey ?? "";

  keysSuite("Valkey keys", (options = {}) => {
    const prefix = `${crypto.randomUUID()}:`;
    return {
      connect: () => valkeyKeys({ url, prefix, ...options }),
      [Symbol.asyncDispose]: () => removeAll(url, prefix),
    };
  });
});

test("claim() fails at once where there is no Valkey", async () => {
  await using keys = valkeyKeys({ url: "redis://user:secret@127.0.0.1:1/2" });
  await expect(keys.claim("a", newEventId(), 1)).rejects.toThrow(
    "Cannot claim a key in redis://127.0.0.1:1/2: it is not connected: connect ECONNREFUSED",
  );
});
