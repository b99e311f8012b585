import { describe, expect, test } from "bun:test";
import { grpcJsClient, grpcJsService } from "../rpc/testing/grpc-js.ts";
import { createAdmission } from "./admission.ts";
import { openGrpcDoor, openHttpDoor, tweet } from "./testing/clima-door.ts";
import { bearer, keyed } from "./testing/keyed-doors.ts";

const service = grpcJsService(
  "weathertweet/weathertweet.proto",
  "weathertweet.WeatherTweetService",
);
const method = "/weathertweet.WeatherTweetService/SendTweet";

describe("refusals", () => {
  test("are told by client, reason, door and address, with how many, and never with a key or a body", async () => {
    let lines: Awaited<ReturnType<typeof keyed>>["lines"];
    let secrets: readonly string[];
    {
      using at = await keyed("until=2026-01-01T00:00:00Z");
      lines = at.lines;
      secrets = [at.web, at.app, "tp_unknown"];
      await using http = openHttpDoor("api", at.door);
      await using grpc = await openGrpcDoor("writer", at.door);
      using user = grpcJsClient(service, grpc.address);
      const marked = { ...tweet, secret: "of the body" };
      for (let time = 0; time < 3; time += 1) await http.post("/clima", marked);
      await http.post("/clima", marked, bearer("tp_unknown"));
      await http.post("/clima", marked, bearer(at.web));
      await user.call("SendTweet", tweet, { metadata: bearer("tp_unknown") });
    }
    const [clima, rpc] = ["clima-app POST /clima", `clima-app ${method}`];
    const hint = new Bun.CryptoHasher("sha256").update("tp_unknown").digest("hex").slice(0, 8);
    const told = lines.filter(({ message }) => message === "refused at the door");
    expect(
      told.map(({ client, reason, door, count, keyHint }) =>
        [client, reason, door, count, keyHint].join(", "),
      ),
    ).toEqual([
      `unknown, no-key, ${clima}, 3, `,
      `unknown, unknown-key, ${clima}, 1, ${hint}`,
      expect.stringMatching(/^web, expired, clima-app POST \/clima, 1, [0-9a-f]{8}$/),
      `unknown, unknown-key, ${rpc}, 1, ${hint}`,
    ]);
    for (const { remote } of told) expect(remote).toMatch(/^(::ffff:)?127\.0\.0\.1$/);
    for (const secret of [...secrets, "of the body"]) {
      expect(JSON.stringify(lines)).not.toContain(secret);
    }
  });

  test("of a flood take no memory, and no token or place of those who have a key", async () => {
    using at = await keyed();
    const admission = createAdmission({ ratePerSecond: 1, inFlightMax: 2, clock: () => 0 });
    await using http = openHttpDoor("api", { ...at.door, admission });
    await using grpc = await openGrpcDoor("writer", { ...at.door, admission });
    using user = grpcJsClient(service, grpc.address);
    const flood = async (count: number) => {
      const one = async () => {
        for (let sent = 0; sent < count / 10; sent += 1) {
          const metadata = bearer(`tp_${Math.random()}`);
          const reply = await http.post("/clima", tweet, metadata);
          expect([reply.status, (await reply.text()).length]).toEqual([401, expect.any(Number)]);
          expect((await user.call("SendTweet", tweet, { metadata })).code).toBe(16);
        }
      };
      await Promise.all(Array.from({ length: 10 }, one));
    };
    await flood(1_000);
    Bun.gc(true);
    const before = process.memoryUsage.rss();
    await flood(4_000);
    Bun.gc(true);
    expect(process.memoryUsage.rss() - before).toBeLessThan(60_000_000);
    expect(at.refused.length).toBe(10_000);
    expect((await http.post("/clima", tweet, bearer(at.web))).status).toBe(200);
    expect(admission.inFlight.inFlight).toBe(0);
  }, 60_000);
});
