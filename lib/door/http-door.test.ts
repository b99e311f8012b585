import { describe, expect, test } from "bun:test";
import type { PublishErrorCode } from "../broker/publish-error.ts";
import { createLog } from "../log.ts";
import { until } from "../testing/until.ts";
import { openHttpDoor, tweet } from "./testing/clima-door.ts";

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
  readonly lanes?: Readonly<Record<string, string>>;
}

/** The problem in a reply, which must be one. */
async function problemOf(reply: Response): Promise<Problem> {
  expect(reply.headers.get("content-type")).toBe("application/problem+json");
  const problem = (await reply.json()) as Problem;
  expect(problem.status).toBe(reply.status);
  return problem;
}

describe("success", () => {
  test("POST /clima stores the event under the id that the reply carries, and answers in the reference's words", async () => {
    await using door = openHttpDoor("api");
    const reply = await door.post("/clima", tweet);
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual({ status: "Tweet recibido y publicado ✅" });
    const [stored] = door.publisher.stored;
    expect(stored?.message).toMatchObject(tweet);
    expect(reply.headers.get("idempotency-key")).toBe(stored?.id ?? "none");
    expect(stored?.id).toMatch(uuidV7);
  });

  test("POST /tweet of the proxy answers 202", async () => {
    await using door = openHttpDoor("proxy");
    const reply = await door.post("/tweet", tweet);
    expect([reply.status, await reply.json()]).toEqual([202, { status: "ok" }]);
  });

  test("every route stands under the pipeline's name as well", async () => {
    await using door = openHttpDoor("api");
    expect((await door.post("/clima-app/clima", tweet)).status).toBe(200);
    expect(await (await fetch(`${door.url}/clima-app/`)).text()).toBe("hola");
  });

  test("a host name of one letter finds its path", async () => {
    await using door = openHttpDoor("api");
    const headers = { host: "a" };
    expect(await (await fetch(`${door.url}/`, { headers })).text()).toBe("hola");
  });
});

describe("text routes", () => {
  test("GET and HEAD answer 200", async () => {
    await using api = openHttpDoor("api");
    await using proxy = openHttpDoor("proxy");
    expect(await (await fetch(`${api.url}/`)).text()).toBe("hola");
    const health = await fetch(`${proxy.url}/health`);
    expect(await health.text()).toBe("Estamos vivos, desde el client-go");
    const head = await fetch(`${api.url}/`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  test("other methods get 405 with Allow", async () => {
    await using door = openHttpDoor("api");
    const reply = await door.post("/", tweet);
    expect((await problemOf(reply)).status).toBe(405);
    expect(reply.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
  });
});

test("not JSON: 400, `bad json` where the reference says so", async () => {
  await using api = openHttpDoor("api");
  await using proxy = openHttpDoor("proxy");
  const bodies = ["", "{", "\uFEFF{}", "[".repeat(60_000)];
  for (const body of bodies) {
    expect(await problemOf(await api.post("/clima", body))).toMatchObject({
      status: 400,
      title: "body is not JSON",
    });
    expect(await problemOf(await proxy.post("/tweet", body))).toMatchObject({ title: "bad json" });
  }
  expect([...api.publisher.stored, ...proxy.publisher.stored]).toEqual([]);
});

test("wrong type, range, missing or extra field: 422 naming every field", async () => {
  await using door = openHttpDoor("api");
  const body = { municipality: "Antigua", temperature: "25", humidity: 101, wind: 1 };
  const reply = await door.post("/clima", body);
  const { status, errors } = await problemOf(reply);
  expect(status).toBe(422);
  expect(errors?.map(({ field }) => field).toSorted()).toEqual([
    "humidity",
    "municipality",
    "temperature",
    "weather",
    "wind",
  ]);
  expect(reply.headers.get("idempotency-key")).toMatch(uuidV7);
  expect(door.publisher.stored).toEqual([]);
});

describe("wrong method, path, content type", () => {
  test("405 with Allow, `use POST` where the reference says so", async () => {
    await using proxy = openHttpDoor("proxy");
    await using api = openHttpDoor("api");
    for (const method of ["GET", "PUT", "DELETE", "PATCH"]) {
      const reply = await fetch(`${proxy.url}/tweet`, { method });
      expect(reply.headers.get("allow")).toBe("POST, OPTIONS");
      expect(await problemOf(reply)).toMatchObject({ status: 405, title: "use POST" });
    }
    const head = await fetch(`${api.url}/clima`, { method: "HEAD" });
    expect([head.status, head.headers.get("allow")]).toEqual([405, "POST, OPTIONS"]);
  });

  test("OPTIONS gets 204 and Allow", async () => {
    await using door = openHttpDoor("api");
    const reply = await fetch(`${door.url}/clima`, { method: "OPTIONS" });
    expect([reply.status, reply.headers.get("allow")]).toEqual([204, "POST, OPTIONS"]);
  });

  test("404 for a path that nobody serves, whatever the method", async () => {
    await using door = openHttpDoor("api");
    const reply = await door.post("/nowhere", "{");
    expect(reply.headers.get("idempotency-key")).toMatch(/^[0-9a-f-]{36}$/);
    expect((await problemOf(reply)).status).toBe(404);
    expect((await problemOf(await fetch(`${door.url}/tweet`))).status).toBe(404);
  });

  test("415 for other content types, and for none", async () => {
    await using door = openHttpDoor("api");
    const wrong = ["text/plain", "", "application/jsonp", "application/json; charset=latin1"];
    for (const type of wrong) {
      const reply = await door.post("/clima", tweet, { "content-type": type });
      expect((await problemOf(reply)).status).toBe(415);
    }
    const right = [
      "application/json",
      "Application/JSON; Charset=UTF-8",
      'application/json;charset="utf-8"',
    ];
    for (const type of right) {
      expect((await door.post("/clima", tweet, { "content-type": type })).status).toBe(200);
    }
  });

  test("the checks come in order: path, method, content type, size, JSON, fields", async () => {
    await using door = openHttpDoor("api");
    const huge = "x".repeat(70_000);
    const plain = { "content-type": "text/plain" };
    const put = { method: "PUT", headers: plain, body: huge };
    expect((await fetch(`${door.url}/nowhere`, put)).status).toBe(404);
    expect((await fetch(`${door.url}/clima`, put)).status).toBe(405);
    expect((await door.post("/clima", huge, plain)).status).toBe(415);
    expect((await door.post("/clima", huge)).status).toBe(413);
    expect((await door.post("/clima", "x", { "idempotency-key": "a b" })).status).toBe(400);
    const faulty = await door.post("/clima", {}, { "idempotency-key": "a b" });
    expect(faulty.status).toBe(422);
  });
});

describe("next hop or broker did not confirm", () => {
  for (const code of ["unavailable", "deadline"] as const satisfies readonly PublishErrorCode[]) {
    test(`${code}: 503 with Retry-After, naming each lane's outcome and the id to repeat it under`, async () => {
      await using door = openHttpDoor("api");
      const lanes = { kafka: "stored", rabbit: "connection refused" };
      Object.assign(door.publisher.behaviour, { fail: code, lanes });
      const reply = await door.post("/clima", tweet);
      expect(reply.headers.get("retry-after")).toBe("1");
      expect(reply.headers.get("idempotency-key")).toMatch(uuidV7);
      const problem = await problemOf(reply);
      expect(problem).toMatchObject({ status: 503, lanes });
      expect(problem.type).toEndWith(`:${code}`);
    });

    test(`${code}: 502 \`grpc error\` where the reference says so`, async () => {
      await using door = openHttpDoor("proxy");
      door.publisher.behaviour.fail = code;
      const reply = await door.post("/tweet", tweet);
      expect(await problemOf(reply)).toMatchObject({ status: 502, title: "grpc error" });
      expect(reply.headers.get("retry-after")).toBe("1");
    });
  }

  test("the station's time is what the publisher gets, and no more", async () => {
    await using door = openHttpDoor("api", { deadlineMs: 100 });
    door.publisher.behaviour.hold = new Promise(() => {});
    const began = performance.now();
    expect((await door.post("/clima", tweet)).status).toBe(503);
    expect(performance.now() - began).toBeWithin(90, 1_000);
  });
});

test("overload: 429 with Retry-After, while others still wait", async () => {
  await using door = openHttpDoor("api");
  const release = Promise.withResolvers<void>();
  door.publisher.behaviour.hold = release.promise;
  const waiting = door.post("/clima", tweet);
  await until("one to wait", () => door.publisher.inFlight === 1);
  Object.assign(door.publisher.behaviour, { hold: undefined, fail: "overloaded" });
  const reply = await door.post("/clima", tweet);
  expect((await problemOf(reply)).status).toBe(429);
  expect(reply.headers.get("retry-after")).toBe("1");
  expect(door.publisher.inFlight).toBe(1);
  door.publisher.behaviour.fail = undefined;
  release.resolve();
  expect((await waiting).status).toBe(200);
});

test("what the next station refused: 422 in its words", async () => {
  await using door = openHttpDoor("proxy");
  for (const fail of ["invalid", "conflict"] as const) {
    door.publisher.behaviour.fail = fail;
    const problem = await problemOf(await door.post("/tweet", tweet));
    expect(problem).toMatchObject({ status: 422, detail: `told to fail: ${fail}` });
    expect(problem.type).toEndWith(`:${fail}`);
  }
});

test("a fault that nobody foresaw: 500 with the id and nothing of the fault, which is written to the log", async () => {
  const lines: string[] = [];
  const broken = {
    publish: () => Promise.reject(new Error("secret")),
    ready: async () => true,
    [Symbol.asyncDispose]: async () => {},
  };
  const log = createLog({}, (line) => lines.push(line));
  await using door = openHttpDoor("api", { publisher: broken, log });
  const reply = await door.post("/clima", tweet);
  expect(reply.headers.get("idempotency-key")).toMatch(uuidV7);
  const problem = await problemOf(reply);
  expect(problem.status).toBe(500);
  expect(JSON.stringify(problem)).not.toContain("secret");
  expect(lines.join()).toContain("secret");
});

test("failures are written to the log once a second, not for each event", async () => {
  const lines: string[] = [];
  const log = createLog({}, (line) => lines.push(line));
  await using door = openHttpDoor("api", { log, clock: () => 1_800_000_000_000 });
  door.publisher.behaviour.fail = "unavailable";
  await Promise.all(Array.from({ length: 50 }, () => door.post("/clima", tweet)));
  expect(lines.length).toBe(1);
  expect(lines[0]).toContain("told to fail: unavailable");
});
