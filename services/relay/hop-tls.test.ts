import { afterAll, describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fanOut } from "../../lib/delivery/fan-out.ts";
import { policyDoor } from "../../lib/door/testing/policy-door.ts";
import { grpcStation } from "../../lib/hop/testing/grpc-station.ts";
import { silentLog } from "../../lib/log.ts";
import { metricNames } from "../../lib/metrics.ts";
import { serviceProcess } from "../../lib/testing/service-process.ts";
import { identityEnv, mountedSecret, testAuthority } from "../../lib/testing/test-authority.ts";
import { canCertify } from "../../lib/testing/test-certificate.ts";
import { until } from "../../lib/testing/until.ts";
import type { IdentityFiles } from "../../lib/tls/identity.ts";
import { openIdentity } from "../../lib/tls/live-identity.ts";
import { proyecto3 } from "../../pipelines/proyecto3.ts";
import { relayMain, relayProcess } from "./testing/relay-process.ts";

describe.skipIf(!canCertify)("hops by mutual TLS", () => {
  if (!canCertify) return;
  const [ours, theirs] = [testAuthority(), testAuthority()];
  afterAll(() => {
    ours[Symbol.dispose]();
    theirs[Symbol.dispose]();
  });

  /** A writer of `proyecto3` behind the dispatcher, in this process, that stores in memory. */
  async function writer(name: "kafka" | "rabbit", files: IdentityFiles) {
    const stack = new AsyncDisposableStack();
    const identity = stack.use(await openIdentity(files, { log: silentLog, everyMs: 200 }));
    const { [name]: lane, options } = policyDoor();
    const doors = {
      ...options,
      pipeline: proyecto3,
      station: proyecto3.stations[`${name}-writer`],
      publisher: fanOut({ policy: "both", lanes: { [name]: lane } }),
    };
    const faults: unknown[] = [];
    const tls = { identity, onFault: (error: unknown) => faults.push(error) };
    const station = stack.use(await grpcStation(0, doors, tls));
    return { lane, faults, port: station.port, identity, ...disposing(stack) };
  }

  /** API and dispatcher as processes, one HTTP hop, in front of two writers, a gRPC hop each: all under one Secret. */
  async function chain(files: IdentityFiles) {
    const stack = new AsyncDisposableStack();
    const env = identityEnv(files);
    const kafka = stack.use(await writer("kafka", files));
    const rabbit = stack.use(await writer("rabbit", files));
    const dispatcher = stack.use(
      await relayProcess("proyecto3/dispatcher", {
        ...env,
        KAFKA_WRITER_ADDR: `127.0.0.1:${kafka.port}`,
        RABBIT_WRITER_ADDR: `http://localhost:${rabbit.port}`,
      }),
    );
    const api = stack.use(
      await relayProcess("proyecto3/api", { ...env, NEXT_URL: dispatcher.url("/tweet") }),
    );
    await until("the API to be ready", api.ready);
    return { kafka, rabbit, dispatcher, api, ...disposing(stack) };
  }

  test("a tweet goes through, over HTTP and gRPC; whoever has no certificate gets nothing from doors behind", async () => {
    await using at = await chain(ours.issue());
    expect((await at.api.post("/tweet")).status).toBe(200);
    expect([at.kafka.lane.stored.length, at.rabbit.lane.stored.length]).toEqual([1, 1]);
    await expect(at.dispatcher.post("/tweet")).rejects.toThrow();
    const url = at.dispatcher.url("/tweet").replace("http:", "https:");
    const tls = { rejectUnauthorized: false };
    await expect(fetch(url, { method: "POST", body: "{}", tls })).rejects.toThrow();
    await using stranger = await relayProcess("proyecto3/api", {
      ...identityEnv(theirs.issue()),
      NEXT_URL: url,
    });
    expect((await stranger.post("/tweet")).status).toBe(503);
    expect(await stranger.ready()).toBe(false);
    await using clear = await relayProcess("proyecto3/api", {
      NEXT_URL: at.dispatcher.url("/tweet"),
    });
    expect((await clear.post("/tweet")).status).toBe(503);
    expect(at.kafka.lane.stored.length).toBe(1);
  }, 30_000);

  test("certificates and authority are replaced under load, one step after the other, and no event fails", async () => {
    const both = join(ours.dir, "both.crt");
    writeFileSync(both, ours.ca + theirs.ca);
    const secret = mountedSecret(ours.dir, ours.issue({ days: 20 }));
    await using at = await chain(secret.files);
    const replies: Record<number, number> = {};
    let running = true;
    const user = async () => {
      while (running) {
        const { status } = await at.api.post("/tweet");
        replies[status] = (replies[status] ?? 0) + 1;
      }
    };
    const users = Promise.all(Array.from({ length: 8 }, user));
    const steps = [
      { ...ours.issue({ days: 21 }), ca: both },
      { ...theirs.issue({ days: 22 }), ca: both },
      theirs.issue({ days: 23 }),
    ];
    for (const [index, step] of steps.entries()) {
      secret.swap(step);
      for (const relay of [at.api, at.dispatcher]) {
        await until("the new certificate", async () => (await daysLeft(relay)) > 20.5 + index);
      }
      const { cert } = step;
      for (const { identity } of [at.kafka, at.rabbit]) {
        await until("the same", () => identity.current.cert === readFileSync(cert, "utf8"));
      }
      const before = replies[200] ?? 0;
      await until("more events", () => (replies[200] ?? 0) > before + 100);
    }
    running = false;
    await users;
    expect(Object.keys(replies)).toEqual(["200"]);
    expect(at.kafka.lane.stored.length).toBeGreaterThanOrEqual(replies[200] ?? 0);
    expect([at.kafka.faults, at.rabbit.faults]).toEqual([[], []]);
    expect(at.api.child.exitCode ?? at.dispatcher.child.exitCode).toBeNull();
  }, 60_000);

  test("a certificate that ends soon is warned of; failed handshakes are one line a second", async () => {
    await using proxy = await relayProcess("clima-app/proxy", {
      ...identityEnv(ours.issue({ days: 3 })),
      WRITER_ADDR: "127.0.0.1:1",
    });
    for (let count = 0; count < 50; count += 1) {
      await fetch(`http://${proxy.grpc}/`).catch(() => {});
    }
    proxy.child.kill("SIGTERM");
    expect(await proxy.child.exited).toBe(0);
    const lines = (await proxy.output).trim().split("\n");
    expect(lines.filter((line) => line.includes("ends soon")).length).toBe(1);
    const handshakes = lines.filter((line) => line.includes('"kind":"handshake"'));
    expect(handshakes.length).toBeWithin(1, 4);
    expect(handshakes[0]).toContain('"level":"warn"');
  }, 30_000);

  describe("exit 78", () => {
    const good = identityEnv(ours.issue());
    const faulty = {
      "one of the three files": {
        env: { HOP_CA_FILE: good.HOP_CA_FILE },
        fault:
          "HOP_CERT_FILE, HOP_KEY_FILE and HOP_CA_FILE must be set all or none: missing is HOP_CERT_FILE, HOP_KEY_FILE",
      },
      "a file that is not there": {
        env: { ...good, HOP_CERT_FILE: "/nowhere" },
        fault: "HOP_CERT_FILE cannot be read",
      },
      "a key of another certificate": {
        env: { ...good, HOP_KEY_FILE: ours.issue().key },
        fault: "HOP_KEY_FILE must be the key of the certificate in HOP_CERT_FILE",
      },
    };
    for (const [name, { env, fault }] of Object.entries(faulty)) {
      test(`for ${name}`, async () => {
        await using relay = serviceProcess(relayMain, { STATION: "clima-app/api", ...env });
        expect(await relay.child.exited).toBe(78);
        expect(await relay.output).toContain(fault);
      }, 20_000);
    }
  });
});

function disposing(stack: AsyncDisposableStack): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose]() };
}

/** How long a relay's certificate is good, by its own metric. */
async function daysLeft(relay: { admin(path: string): Promise<Response> }): Promise<number> {
  const metrics = await (await relay.admin("/metrics")).text();
  const found = new RegExp(`${metricNames.hopCertificateEnd}\\{[^}]*\\} (\\S+)`).exec(metrics);
  return (Number(found?.[1]) * 1_000 - Date.now()) / 86_400_000;
}
