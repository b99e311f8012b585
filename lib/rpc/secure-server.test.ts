import { afterAll, describe, expect, test } from "bun:test";
import { once } from "node:events";
import { connect } from "node:http2";
import type { AddressInfo } from "node:net";
import { testAuthority } from "../testing/test-authority.ts";
import { canCertify } from "../testing/test-certificate.ts";
import { until } from "../testing/until.ts";
import { identityIn, memoryIdentity } from "../tls/testing/memory-identity.ts";
import { secureServer } from "./secure-server.ts";

describe.skipIf(!canCertify)("a server over TLS whose identity changes", () => {
  if (!canCertify) return;
  const authority = testAuthority();
  afterAll(() => authority[Symbol.dispose]());

  test("lets a call of before finish, and ends one that goes on for ever", async () => {
    const identity = memoryIdentity(identityIn(authority.issue()));
    const calls: { path: string; end: () => void }[] = [];
    const server = secureServer(
      { identity, onFault: () => {} },
      {
        http2: {},
        handshakeMs: 1_000,
        leaveMs: 300,
        onRequest: ({ url: path }, response) => {
          response.write("begun");
          calls.push({ path, end: () => response.end("ended") });
        },
      },
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const call = (path: string) => {
      const session = connect(`https://127.0.0.1:${port}`, { ...identity.current });
      const stream = session.request({ ":path": path });
      const seen = { text: "", closed: false };
      session.on("error", () => {});
      stream.on("error", () => {});
      stream.on("data", (data) => {
        seen.text += data;
      });
      session.on("close", () => {
        seen.closed = true;
      });
      return seen;
    };
    const [short, endless] = [call("/short"), call("/endless")];
    await until("both calls", () => calls.length === 2);
    identity.change(identityIn(authority.issue()));
    calls.find(({ path }) => path === "/short")?.end();
    await until("the short call to end", () => short.text === "begunended");
    await until("the endless one to be ended", () => endless.closed);
    expect(endless.text).toBe("begun");
    server.close();
    await once(server, "close");
  });
});
