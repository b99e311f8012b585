import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, readConfig } from "../../lib/config.ts";
import { silentLog } from "../../lib/log.ts";
import { serviceProcess } from "../../lib/testing/service-process.ts";
import { canCertify, testCertificate } from "../../lib/testing/test-certificate.ts";
import { makeSecrets } from "./app.ts";
import { type SecretPlan, spec } from "./config.ts";
import { type ApiServer, apiServer, status } from "./testing/api-server.ts";

const store: SecretPlan = {
  name: "store",
  random: ["relay", "board"],
  derived: {
    "relay-url": "redis://relay:{{relay}}@store:6379/0",
    users: "user relay >{{relay}}\nuser board >{{board}}\n",
  },
};
const broker: SecretPlan = { name: "broker", random: ["password"], derived: {} };

function make(api: ApiServer, plans: readonly SecretPlan[] = [store], token = "t0ken") {
  return makeSecrets({
    cluster: { url: api.url, ca: undefined, token, namespace: "space" },
    plans,
    passwordLength: 32,
    log: silentLog,
    triesMax: 4,
    pauseMs: 1,
  });
}

const made = (api: ApiServer, name = "store") => api.secrets.get(`space/${name}`) ?? {};

test("makes what is missing, with random values and what is made of them", async () => {
  await using api = apiServer();
  await make(api, [store, broker]);
  const { relay = "", board = "", ...derived } = made(api);
  expect(relay).toMatch(/^[\w-]{32}$/);
  expect(board).toMatch(/^[\w-]{32}$/);
  expect(relay).not.toBe(board);
  expect(derived).toEqual({
    "relay-url": `redis://relay:${relay}@store:6379/0`,
    users: `user relay >${relay}\nuser board >${board}\n`,
  });
  expect(made(api, "broker").password).toMatch(/^[\w-]{32}$/);
  expect(api.asked[0]).toEqual({
    method: "POST",
    path: "/api/v1/namespaces/space/secrets",
    authorization: "Bearer t0ken",
  });
});

test("leaves what is there as it is, and makes the rest", async () => {
  await using api = apiServer();
  api.secrets.set("space/store", { relay: "of before" });
  await make(api, [store, broker]);
  expect(made(api)).toEqual({ relay: "of before" });
  expect(made(api, "broker")).toHaveProperty("password");
});

test("does nothing the second time", async () => {
  await using api = apiServer();
  await make(api);
  const first = made(api);
  await make(api);
  expect(made(api)).toBe(first);
  expect(api.asked).toHaveLength(2);
});

test("asks again where the API server is away, busy or in trouble", async () => {
  const troubles = [
    status(503, "ServiceUnavailable", "later"),
    new Response("bad gateway", { status: 502 }),
    status(429, "TooManyRequests", "slowly"),
  ];
  await using api = apiServer((times) => troubles[times - 1]);
  await make(api);
  expect(made(api)).toHaveProperty("relay");
  expect(api.asked).toHaveLength(4);
});

test("finds what an earlier try made whose answer was lost", async () => {
  await using api = apiServer((times) => {
    if (times > 1) return undefined;
    api.secrets.set("space/store", { relay: "made" });
    return new Response("gateway timeout", { status: 504 });
  });
  await make(api);
  expect(made(api)).toEqual({ relay: "made" });
});

test("gives up after so many tries, and says what it heard last", async () => {
  await using api = apiServer(() => status(503, "ServiceUnavailable", "no leader"));
  await expect(make(api)).rejects.toThrow(
    "Cannot create Secret store: the API server was asked 4 times: the API server answered 503: no leader",
  );
});

test("does not ask again where it may not", async () => {
  await using api = apiServer(() => status(403, "Forbidden", "secrets is forbidden"));
  await expect(make(api)).rejects.toThrow(
    "Cannot create Secret store: the API server answered 403: secrets is forbidden",
  );
  expect(api.asked).toHaveLength(1);
});

test("takes no redirect for an answer, which would carry the token away", async () => {
  await using api = apiServer(() => Response.redirect("http://127.0.0.1:1/", 307));
  await expect(make(api)).rejects.toThrow("the API server was asked 4 times");
});

describe("the plan", () => {
  const planOf = (plan: unknown) => readConfig(spec, { PLAN: JSON.stringify(plan) }).PLAN;

  test("is read whole", () => {
    expect(planOf([store, broker])).toEqual([store, broker]);
  });

  for (const [plan, why] of [
    [{}, "must be a list of Secrets, each with name, random and derived"],
    [[{ name: "a" }], "must be a list of Secrets, each with name, random and derived"],
    [[{ ...broker, name: "A_b" }], 'must name Secrets as Kubernetes does, not "A_b"'],
    [[broker, broker], "must name a Secret once, and names broker again"],
    [[{ ...broker, random: ["a", "a"] }], 'must give broker fit keys, each once, not "a"'],
    [[{ ...broker, random: ["a b"] }], 'must give broker fit keys, each once, not "a b"'],
    [
      [{ ...broker, derived: { url: "x://{{passwort}}" } }],
      `must make broker's url of its random values, not of "passwort"`,
    ],
  ] as const) {
    test(`${why}`, () => {
      expect(() => planOf(plan)).toThrow(ConfigError);
      expect(() => planOf(plan)).toThrow(`PLAN ${why}`);
    });
  }
});

describe("the program", () => {
  const main = join(import.meta.dir, "main.ts");
  const withFiles = (ca = "") => {
    const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-secrets-"));
    const files = { TOKEN_FILE: "t0ken\n", NAMESPACE_FILE: "space", CA_FILE: ca };
    const env = Object.entries(files).map(([name, text]) => {
      writeFileSync(join(dir, name), text);
      return [name, join(dir, name)];
    });
    return {
      env: Object.fromEntries(env) as Readonly<Record<string, string>>,
      [Symbol.dispose]: () => rmSync(dir, { recursive: true }),
    };
  };

  test.skipIf(!canCertify)("asks over HTTPS whom its authority vouches for, and ends", async () => {
    using certificate = testCertificate("kubernetes.default.svc");
    await using api = apiServer(undefined, certificate);
    using files = withFiles(certificate.cert);
    const env = { ...files.env, API_URL: api.url.href, PLAN: JSON.stringify([store]) };
    await using service = serviceProcess(main, env);
    expect(await service.child.exited).toBe(0);
    const { relay = "nothing" } = made(api);
    const output = await service.output;
    expect(output).toContain('"made a Secret"');
    expect(output).not.toContain(relay);
  });

  test("ends with 1 where it is refused, and with 78 where its environment is of no use", async () => {
    await using api = apiServer(() => status(403, "Forbidden", "secrets is forbidden"));
    using files = withFiles();
    const env = { ...files.env, API_URL: api.url.href, PLAN: JSON.stringify([store]) };
    await using refused = serviceProcess(main, env);
    expect(await refused.child.exited).toBe(1);
    expect(await refused.output).toContain("secrets is forbidden");
    await using misled = serviceProcess(main, { ...env, TOKEN_FILE: "/nowhere/token" });
    expect(await misled.child.exited).toBe(78);
    expect(await misled.output).toContain(
      "TOKEN_FILE must be a file that exists: current value is",
    );
  });
});
