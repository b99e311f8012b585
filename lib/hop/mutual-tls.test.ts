import { afterAll, describe, expect, test } from "bun:test";
import { connect as connectTcp } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { WeatherTweetService } from "../../gen/weathertweet/weathertweet_pb.ts";
import { type Issue, testAuthority } from "../testing/test-authority.ts";
import { canCertify } from "../testing/test-certificate.ts";
import { until } from "../testing/until.ts";
import type { Identity } from "../tls/identity.ts";
import { identityIn, memoryIdentity } from "../tls/testing/memory-identity.ts";
import { grpcPublisher } from "./grpc-publisher.ts";
import { httpPublisher } from "./http-publisher.ts";
import { outcome, someEvent } from "./publisher.suite.ts";
import { tlsHops } from "./testing/tls-hops.ts";

const soon = () => ({ deadlineAtMs: Date.now() + 2_000 });
const me = "127.0.0.1";

describe.skipIf(!canCertify)("a door behind mutual TLS", () => {
  if (!canCertify) return;
  const [ours, theirs] = [testAuthority(), testAuthority()];
  afterAll(() => {
    ours[Symbol.dispose]();
    theirs[Symbol.dispose]();
  });
  const own = (issue?: Issue) => identityIn(ours.issue(issue));
  const good = own();
  /** The certificate of another authority, whose owner knows ours. */
  const stranger: Identity = { ...identityIn(theirs.issue()), ca: ours.ca };

  for (const [name, hop] of Object.entries(tlsHops)) {
    /** A station, and whoever comes to it. */
    const open = async (identity = memoryIdentity(good)) => {
      const faults: unknown[] = [];
      const station = await hop.serve({ identity, onFault: (error) => faults.push(error) });
      const send = async (as: Identity, server = me) => {
        await using publisher = hop.connect(station.port, { identity: as, name: server });
        const [result] = await publisher.publish([someEvent()], soon());
        return outcome(result);
      };
      return { ...station, identity, faults, send };
    };

    for (const [who, identity] of Object.entries({
      "a certificate of another authority": stranger,
      "a certificate that has ended": own({ days: -1 }),
    })) {
      test(`${name}: ${who} gets nothing stored`, async () => {
        await using at = await open();
        expect(await at.send(identity)).toBe("unavailable");
        await using publisher = hop.connect(at.port, { identity, name: me });
        expect(await publisher.ready()).toBe(false);
        expect(await at.send(good)).toBe("stored");
        expect(at.publisher.stored.length).toBe(1);
        // Bun's HTTP server does not tell.
        expect(at.faults.length > 0).toBe(name === "gRPC");
      });
    }

    test(`${name}: no certificate, and no TLS at all, gets nothing stored`, async () => {
      await using at = await open();
      const method = WeatherTweetService.method.sendTweet;
      const address = `http://127.0.0.1:${at.port}`;
      await using clear = grpcPublisher({ method, address });
      expect((await clear.publish([someEvent()], soon())).map(outcome)).toEqual(["unavailable"]);
      const schema = method.input;
      await using http = httpPublisher({ schema, address: `${address}/clima` });
      expect((await http.publish([someEvent()], soon())).map(outcome)).toEqual(["unavailable"]);
      const socket = connectTls({ port: at.port, host: me, ca: ours.ca, ALPNProtocols: ["h2"] });
      expect(await saidBy(socket)).toBe("");
      expect(at.publisher.stored).toEqual([]);
    });

    test(`${name}: a client sends nothing to a server of another name or authority, or that has ended`, async () => {
      await using at = await open();
      expect(await at.send(good, "elsewhere.test")).toBe("unavailable");
      expect(await at.send(good, "writer.test")).toBe("stored");
      expect(await at.send(good, "localhost")).toBe("stored");
      expect(await at.send({ ...good, ca: theirs.ca })).toBe("unavailable");
      await using foreign = await open(memoryIdentity({ ...stranger, ca: ours.ca }));
      expect(await foreign.send(good)).toBe("unavailable");
      await using ended = await open(memoryIdentity(own({ days: -1 })));
      expect(await ended.send(good)).toBe("unavailable");
      expect([at, foreign, ended].map(({ publisher }) => publisher.stored.length)).toEqual([
        2, 0, 0,
      ]);
    });

    test(`${name}: a flood of what is no TLS is cut off, and ends neither the server nor others' connections`, async () => {
      await using at = await open();
      await using publisher = hop.connect(at.port, { identity: good, name: me });
      expect((await publisher.publish([someEvent()], soon())).map(outcome)).toEqual(["stored"]);
      const plain = Buffer.from("POST /clima HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n");
      const half = Buffer.from("1603010200010001fc0303", "hex");
      const noise = () => crypto.getRandomValues(new Uint8Array(4_096));
      const cut: Promise<void>[] = [];
      for (let round = 0; round < 5; round += 1) {
        const all = Array.from({ length: 60 }, (_, index) => [plain, half, noise()][index % 3]);
        cut.push(...all.map((bytes) => cutOff(at.port, bytes ?? plain)));
        expect((await publisher.publish([someEvent()], soon())).map(outcome)).toEqual(["stored"]);
      }
      await Promise.all(cut);
      expect(await at.send(good)).toBe("stored");
      expect(at.publisher.stored.length).toBe(7);
    }, 30_000);

    test(`${name}: TLS is 1.2 at least`, async () => {
      await using at = await open();
      const versions = ["TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;
      const agreed = versions.map(async (version) => {
        const only = { minVersion: version, maxVersion: version };
        const options = { port: at.port, host: me, ...good, ...only, ALPNProtocols: ["h2"] };
        const socket = connectTls(options);
        await saidBy(socket);
        return socket.authorized;
      });
      expect(await Promise.all(agreed)).toEqual([false, true, true]);
    });

    test(`${name}: no connection resumes another, which would prove nothing anew`, async () => {
      await using at = await open();
      for (const identity of [good, own()]) {
        at.identity.change(identity);
        const options = { port: at.port, host: me, ...identity, ALPNProtocols: ["h2"] };
        const socket = connectTls(options);
        let tickets = 0;
        socket.on("session", () => {
          tickets += 1;
        });
        await saidBy(socket);
        expect([socket.authorized, tickets]).toEqual([true, 0]);
      }
    });

    test(`${name}: a new authority holds at once: old connections end, who has the old one is out`, async () => {
      await using at = await open();
      await using publisher = hop.connect(at.port, { identity: good, name: me });
      expect((await publisher.publish([someEvent()], soon())).map(outcome)).toEqual(["stored"]);
      const next = identityIn(theirs.issue());
      at.identity.change(next);
      await until("the old connection to end", async () => {
        const [result] = await publisher.publish([someEvent()], soon());
        return outcome(result) === "unavailable";
      });
      expect(await at.send(next)).toBe("stored");
      expect(await at.send({ ...good, ca: theirs.ca })).toBe("unavailable");
      const bare = connectTls({ port: at.port, host: me, ca: theirs.ca, ALPNProtocols: ["h2"] });
      expect(await saidBy(bare)).toBe("");
    });
  }

  test("gRPC: a handshake that takes too long is cut off, and is a fault", async () => {
    const faults: unknown[] = [];
    const identity = memoryIdentity(good);
    const tls = { identity, onFault: (error: unknown) => faults.push(error) };
    await using station = await tlsHops.gRPC.serve(tls, { prefaceMs: 200 });
    await cutOff(station.port, Buffer.from("1603010200010001fc0303", "hex"));
    expect(String(faults)).toContain("timeout");
  });
});

/** What a server says to a client whose handshake does not fail on its own side, until it ends the connection. */
async function saidBy(socket: TLSSocket): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let said = "";
  socket.on("data", (data) => {
    said += data.toString();
  });
  socket.on("error", () => {});
  socket.on("close", () => resolve(said));
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nPOST /clima HTTP/1.1\r\nhost: x\r\n\r\n");
  return promise;
}

/** Sends bytes and waits until the server ends the connection. */
async function cutOff(port: number, bytes: Uint8Array): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connectTcp(port, me);
  socket.on("error", () => {});
  socket.on("data", () => {});
  socket.on("end", () => socket.destroy());
  socket.on("close", () => resolve());
  socket.write(bytes);
  return promise;
}
