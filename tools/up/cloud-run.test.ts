import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { at, type Manifest, manifestOf } from "../../charts/testing/manifest.ts";
import { serviceProcess } from "../../lib/testing/service-process.ts";
import { until } from "../../lib/testing/until.ts";
import { findMix } from "../../loadtest/mixes/find-mix.ts";
import { pipelines } from "../../pipelines/all.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import { listen } from "../../services/board/testing/events.ts";
import { freePort } from "../parts/ports.ts";
import { parts } from "../parts/testing.ts";
import { ownSystem, post } from "./testing/own-system.ts";

const root = join(import.meta.dir, "../..");
const mix = findMix(votaciones.name);
const testMs = 120_000;

/** The environment of the manifest's container, with what Secret Manager would put in. */
async function environment(secrets: Readonly<Record<string, string>>) {
  const file = join(root, "dist/cloud-run/votaciones.k8s.yaml");
  const service = manifestOf(
    [Bun.YAML.parse(await Bun.file(file).text()) as Manifest],
    "Service",
    "votaciones-board",
  );
  const env = at(service, "spec.template.spec.containers.0.env") as readonly object[];
  const entries = env.map((each) => {
    const secret = at(each, "valueFrom.secretKeyRef.name");
    const value = secret === undefined ? at(each, "value") : secrets[String(secret)];
    return [String(at(each, "name")), value ?? expect.unreachable(`no Secret ${secret}`)];
  });
  return Object.fromEntries(entries) as Readonly<Record<string, string>>;
}

describe.skipIf(!parts)("the board on Cloud Run", () => {
  const system = ownSystem({ pipelines: [votaciones] });

  /** Starts an instance as Cloud Run does: with the manifest's variables, a port of its choice, and its own. */
  async function instance() {
    const { valkey, mongo = expect.unreachable("no MongoDB runs") } = system.get().urls;
    const env = await environment({
      "votaciones-board-valkey-url": `${valkey}/${pipelines.indexOf(votaciones)}`,
      "votaciones-board-mongo-url": mongo,
    });
    const [port, adminPort] = [await freePort(), await freePort()];
    const process = serviceProcess(join(root, "services/board/main.ts"), {
      ...env,
      PORT: `${port}`,
      K_SERVICE: "votaciones-board",
      K_REVISION: "votaciones-board-00001",
      K_CONFIGURATION: "votaciones-board",
      // Every instance has a network of its own there.
      ADMIN_PORT: `${adminPort}`,
    });
    const url = `http://127.0.0.1:${port}`;
    await until("the instance to answer", async () => (await fetch(`${url}/api`)).ok);
    return { ...process, url };
  }

  const vote = async (from: number, to: number) => {
    for (let index = from; index < to; index++) {
      await post(`${system.get().urls.http}/rust/send_data`, mix.event(index).body);
    }
    await system.board(votaciones).drained();
  };
  const shown = async (url: string) => {
    const [logs, state] = await Promise.all([
      fetch(`${url}/api/logs`).then((reply) => reply.json()),
      fetch(`${url}/api/votaciones/state`).then((reply) => reply.json()),
    ]);
    return { logs: logs as readonly object[], state: state as { readonly total: string } };
  };

  test(
    "instances come and go: each shows all that is stored, and leaves at SIGTERM with a stream open",
    async () => {
      await vote(0, 30);
      {
        await using first = await instance();
        await using second = await instance();
        const seen = await shown(first.url);
        expect([seen.logs.length, seen.state.total]).toEqual([20, "30"]);
        expect(await shown(second.url)).toEqual(seen);
        using listener = await listen(`${first.url}/api/votaciones/stream`);
        expect(await listener.snapshot()).toMatchObject({ state: { total: "30" } });
        for (const { child } of [first, second]) child.kill("SIGTERM");
        expect(await Promise.all([first.child.exited, second.child.exited])).toEqual([0, 0]);
      }
      // Nobody is there for these, and nobody has to be.
      await vote(30, 60);
      await using third = await instance();
      expect((await shown(third.url)).state.total).toBe("60");
    },
    testMs,
  );
});
