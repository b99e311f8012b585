import { describe, expect, test } from "bun:test";
import { climaApp } from "../../pipelines/clima-app.ts";
import { isBehind } from "../pipeline/find-station.ts";
import { grpcJsClient, grpcJsService } from "../rpc/testing/grpc-js.ts";
import { until } from "../testing/until.ts";
import type { Place } from "./adaptive-limit.ts";
import { type AdmissionOptions, createAdmission } from "./admission.ts";
import { climaStation, openGrpcDoor, openHttpDoor, tweet } from "./testing/clima-door.ts";

const service = grpcJsService(
  "weathertweet/weathertweet.proto",
  "weathertweet.WeatherTweetService",
);
const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7/;

/** An admission whose clock stands still, and what it said. */
function stillAdmission(options: Partial<AdmissionOptions> = {}) {
  const refused: string[] = [];
  let nowMs = 0;
  const admission = createAdmission({
    ratePerSecond: 0,
    inFlightMax: 100,
    clock: () => nowMs,
    onRefused: (reason) => refused.push(reason),
    ...options,
  });
  return {
    admission,
    refused,
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
}

describe("a rate", () => {
  test("is a burst of a fifth of a second, then 429 with Retry-After and no effect, until tokens come", async () => {
    const { admission, refused, wait } = stillAdmission({ ratePerSecond: 10 });
    await using door = openHttpDoor("api", { admission });
    const statuses = async (count: number) => {
      const replies = Array.from({ length: count }, () => door.post("/clima", tweet));
      return (await Promise.all(replies)).map(({ status }) => status).toSorted();
    };
    expect(await statuses(4)).toEqual([200, 200, 429, 429]);
    const reply = await door.post("/clima", tweet);
    expect(reply.headers.get("retry-after")).toBe("1");
    expect(reply.headers.get("idempotency-key")).toMatch(uuidV7);
    expect(await reply.json()).toMatchObject({
      type: "urn:tweet-pipeline:problem:overloaded",
      status: 429,
    });
    wait(100);
    expect(await statuses(2)).toEqual([200, 429]);
    expect(door.publisher.stored.length).toBe(3);
    expect(new Set(refused)).toEqual(new Set(["rate"]));
  });

  test("refuses before the body: what it is does not matter, nor whether it arrives", async () => {
    const { admission } = stillAdmission({ ratePerSecond: 1 });
    await using door = openHttpDoor("api", { admission });
    await door.post("/clima", tweet);
    expect((await door.post("/clima", "{")).status).toBe(429);
    const never = new ReadableStream({ pull: () => new Promise<void>(() => {}) });
    const reply = await fetch(`${door.url}/clima`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: never,
    });
    expect(reply.status).toBe(429);
  });

  test("is RESOURCE_EXHAUSTED over gRPC, with the client's own id and the time to wait", async () => {
    const { admission } = stillAdmission({ ratePerSecond: 1 });
    await using door = await openGrpcDoor("writer", { admission });
    using user = grpcJsClient(service, door.address);
    const id = Bun.randomUUIDv7();
    expect((await user.call("SendTweet", tweet)).code).toBe(0);
    const metadata = { "idempotency-key": id };
    for (let time = 0; time < 3; time += 1) {
      const refused = await user.call("SendTweet", tweet, { metadata });
      expect(refused.code).toBe(8);
      expect(refused.details).toContain("nothing was done");
      expect(refused.metadata).toMatchObject({
        "idempotency-key": id,
        "grpc-retry-pushback-ms": "1000",
      });
    }
    expect(door.publisher.stored.length).toBe(1);
  });

  test("is not used up by what is malformed", async () => {
    const { admission } = stillAdmission({ ratePerSecond: 1 });
    await using door = openHttpDoor("api", { admission });
    for (let time = 0; time < 5; time += 1) {
      expect((await door.post("/clima", "{")).status).toBe(400);
    }
    expect((await door.post("/clima", tweet)).status).toBe(200);
  });

  test("holds for calls that come at the same time", async () => {
    const { admission } = stillAdmission({ ratePerSecond: 10 });
    await using door = await openGrpcDoor("writer", { admission });
    using user = grpcJsClient(service, door.address);
    const calls = Array.from({ length: 20 }, () => user.call("SendTweet", tweet));
    const outcomes = await Promise.all(calls);
    expect(outcomes.filter(({ code }) => code === 0).length).toBe(2);
    for (const { code, metadata } of outcomes) {
      if (code !== 0) expect(metadata).toHaveProperty("grpc-retry-pushback-ms");
    }
    expect(door.publisher.stored.length).toBe(2);
  });

  test("is one for both doors of a process", async () => {
    const { admission } = stillAdmission({ ratePerSecond: 1 });
    await using http = openHttpDoor("proxy", { admission });
    await using grpc = await openGrpcDoor("proxy", { admission });
    using user = grpcJsClient(service, grpc.address);
    expect((await http.post("/tweet", tweet)).status).toBe(202);
    expect((await user.call("SendTweet", tweet)).code).toBe(8);
  });

  test("leaves texts and wrong requests alone", async () => {
    const { admission } = stillAdmission({ ratePerSecond: 1 });
    await using door = openHttpDoor("proxy", { admission });
    await door.post("/tweet", tweet);
    for (let time = 0; time < 5; time += 1) {
      expect((await fetch(`${door.url}/health`)).status).toBe(200);
      expect((await fetch(`${door.url}/nowhere`)).status).toBe(404);
    }
  });
});

describe("what a door before has let in", () => {
  const mark = { "x-event-forwarded": "1", "idempotency-key": Bun.randomUUIDv7() };

  test("is not counted against the rate of a station behind it, by HTTP or gRPC", async () => {
    const { admission } = stillAdmission({ ratePerSecond: 1 });
    const behind = { admission, isBehind: true };
    await using http = openHttpDoor("proxy", behind);
    await using grpc = await openGrpcDoor("proxy", behind);
    using user = grpcJsClient(service, grpc.address);
    for (let time = 0; time < 3; time += 1) {
      expect((await http.post("/tweet", tweet, mark)).status).toBe(202);
      expect((await user.call("SendTweet", tweet, { metadata: mark })).code).toBe(0);
    }
  });

  test("is only said by clients of a first station, which believes nobody", async () => {
    const { admission } = stillAdmission({ ratePerSecond: 1 });
    await using door = openHttpDoor("api", { admission });
    await door.post("/clima", tweet, mark);
    expect((await door.post("/clima", tweet, mark)).status).toBe(429);
  });
});

describe("a limit of events in flight", () => {
  test("refuses at once what is beyond it, over HTTP and gRPC, and takes more as soon as there is room", async () => {
    const { admission, refused } = stillAdmission({ inFlightMax: 2 });
    await using http = openHttpDoor("proxy", { admission });
    await using grpc = await openGrpcDoor("proxy", { admission });
    using user = grpcJsClient(service, grpc.address);
    const release = Promise.withResolvers<void>();
    http.publisher.behaviour.hold = release.promise;
    const held = [http.post("/tweet", tweet), http.post("/tweet", tweet)];
    await until("both to be in flight", () => http.publisher.inFlight === 2);
    expect((await http.post("/tweet", tweet)).status).toBe(429);
    expect((await user.call("SendTweet", tweet)).code).toBe(8);
    release.resolve();
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([202, 202]);
    expect((await http.post("/tweet", tweet)).status).toBe(202);
    expect(refused).toEqual(["in-flight", "in-flight"]);
  });

  test("holds for bodies that are on their way as well; slow ones end with the station's time", async () => {
    const { admission, refused } = stillAdmission({ inFlightMax: 2 });
    await using door = openHttpDoor("api", { admission, deadlineMs: 500 });
    const never = () =>
      fetch(`${door.url}/clima`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: new ReadableStream({ pull: () => new Promise<void>(() => {}) }),
      });
    const slow = [never(), never()];
    await until("a refusal", async () => (await door.post("/clima", tweet)).status === 429);
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([408, 408]);
    expect((await door.post("/clima", tweet)).status).toBe(200);
    expect(refused).toContain("bodies");
  });

  test("takes a third less after one that was slow, and one more after each that was not", () => {
    const { admission, wait } = stillAdmission({ inFlightMax: 400, slowMs: 50 });
    const places = Array.from({ length: 400 }, () => admission.enter(false) as Place);
    wait(60);
    for (const place of places) place.leave();
    expect(admission.inFlight.limit).toBe(280);
    const more = Array.from({ length: 280 }, () => admission.enter(false) as Place);
    for (const place of more) place.leave();
    // Those that left while half of the limit was in use.
    expect(admission.inFlight.limit).toBeWithin(360, 401);
  });

  test("takes less where what lies behind has no room", async () => {
    const { admission } = stillAdmission({ inFlightMax: 400 });
    await using door = openHttpDoor("api", { admission });
    const release = Promise.withResolvers<void>();
    Object.assign(door.publisher.behaviour, { fail: "overloaded", hold: release.promise });
    const held = Array.from({ length: 256 }, () => door.post("/clima", tweet));
    await until("all to be in flight", () => door.publisher.inFlight === 256);
    release.resolve();
    const statuses = (await Promise.all(held)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([429]));
    expect(admission.inFlight).toMatchObject({ limit: 280, inFlight: 0 });
  });

  test("takes no less where what lies behind is away", async () => {
    const { admission } = stillAdmission({ inFlightMax: 400 });
    await using door = openHttpDoor("api", { admission });
    const release = Promise.withResolvers<void>();
    Object.assign(door.publisher.behaviour, { fail: "unavailable", hold: release.promise });
    const held = Array.from({ length: 256 }, () => door.post("/clima", tweet));
    await until("all to be in flight", () => door.publisher.inFlight === 256);
    release.resolve();
    await Promise.all(held);
    expect(admission.inFlight).toMatchObject({ limit: 400, inFlight: 0 });
  });

  test("a door that breaks gives its place back", async () => {
    const { admission } = stillAdmission({ inFlightMax: 1 });
    const publish = () => Promise.reject(new Error("broken"));
    await using door = openHttpDoor("api", {
      admission,
      publisher: { publish, ready: async () => true, [Symbol.asyncDispose]: async () => {} },
    });
    expect((await door.post("/clima", tweet)).status).toBe(500);
    expect((await door.post("/clima", tweet)).status).toBe(500);
    expect(admission.inFlight.inFlight).toBe(0);
  });
});

test("a station is behind another where its pipeline's file says so", () => {
  const behind = ["api", "proxy", "writer"].filter((name) =>
    isBehind(climaApp, climaStation(name)),
  );
  expect(behind).toEqual(["proxy", "writer"]);
});
