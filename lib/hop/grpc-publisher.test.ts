import { expect, test } from "bun:test";
import { connect } from "node:net";
import {
  Server,
  ServerCredentials,
  type ServiceError,
  type sendUnaryData,
  type UntypedHandleCall,
} from "@grpc/grpc-js";
import { WeatherTweetService } from "../../gen/weathertweet/weathertweet_pb.ts";
import { grpcServer } from "../rpc/grpc-server.ts";
import { healthRoutes } from "../rpc/health.ts";
import { grpcJsService } from "../rpc/testing/grpc-js.ts";
import { tcpServer } from "../testing/tcp-server.ts";
import { deadlineSuite } from "./deadline.suite.ts";
import { grpcPublisher } from "./grpc-publisher.ts";
import { preferenceSuite } from "./preference.suite.ts";
import { type HopUnderTest, hopSuite, outcome, someEvent } from "./publisher.suite.ts";
import { grpcStation } from "./testing/grpc-station.ts";

const method = WeatherTweetService.method.sendTweet;
const soon = () => ({ deadlineAtMs: Date.now() + 2_000 });

const underTest: HopUnderTest = {
  serve: grpcStation,
  connect: (address, inFlightMax = 1_000) => grpcPublisher({ method, address, inFlightMax }),
};

hopSuite("the gRPC hop", underTest);
deadlineSuite("the gRPC hop", underTest);
preferenceSuite("the gRPC hop", underTest);

type Answer = (settle: sendUnaryData<unknown>, request: Record<string, unknown>) => void;

/** A server of grpc-js that knows SendTweet and nothing else, neither health nor our metadata. */
async function foreignServer(answer: Answer) {
  const { service } = grpcJsService(
    "weathertweet/weathertweet.proto",
    "weathertweet.WeatherTweetService",
  );
  const server = new Server();
  const handle = (call: { request: Record<string, unknown> }, settle: sendUnaryData<unknown>) =>
    answer(settle, call.request);
  server.addService(service, { SendTweet: handle as UntypedHandleCall });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const hop = grpcPublisher({ method, address: `http://127.0.0.1:${port}` });
  return {
    hop,
    publish: async () => (await hop.publish([someEvent()], soon()))[0],
    [Symbol.asyncDispose]: async () => {
      await hop[Symbol.asyncDispose]();
      server.forceShutdown();
    },
  };
}

test("a server that knows only SendTweet takes events and is ready", async () => {
  const requests: Record<string, unknown>[] = [];
  await using server = await foreignServer((settle, request) => {
    requests.push(request);
    settle(null, { status: "whatever" });
  });
  expect(outcome(await server.publish())).toBe("stored");
  expect(await server.hop.ready()).toBe(true);
  expect(requests).toEqual([
    { municipality: "guatemala", temperature: 25, humidity: 60, weather: "sunny" },
  ]);
});

test("what a server says decides, by its status: refusals only where it is one", async () => {
  let code = 0;
  await using server = await foreignServer((settle) =>
    settle({ code, details: "no" } as ServiceError, null),
  );
  const outcomes: Record<number, string> = {};
  for (code = 1; code <= 16; code += 1) outcomes[code] = outcome(await server.publish());
  const refusals = { 3: "invalid", 6: "conflict", 8: "overloaded", 9: "conflict", 11: "invalid" };
  const others = Object.fromEntries(Array.from({ length: 16 }, (_, at) => [at + 1, "unavailable"]));
  expect(outcomes).toEqual({ ...others, ...refusals, 4: "deadline" });
});

test("a reply that is too large to read is not taken for a refusal: the event may be stored", async () => {
  await using server = await foreignServer((settle) =>
    settle(null, { status: "x".repeat(100_000) }),
  );
  expect(outcome(await server.publish())).toBe("unavailable");
});

test("readiness follows the next station's health", async () => {
  let ready = true;
  await using server = await grpcServer({
    port: 0,
    hostname: "127.0.0.1",
    messageBytesMax: 65_536,
    routes: [healthRoutes({ serving: async () => ready, services: [] })],
  });
  await using hop = grpcPublisher({ method, address: `127.0.0.1:${server.port}` });
  expect(await hop.ready()).toBe(true);
  ready = false;
  expect(await hop.ready()).toBe(false);
});

test("an address that is none is refused at once", () => {
  expect(() => grpcPublisher({ method, address: "ftp://writer" })).toThrow(
    "must be an http address",
  );
});

test("a thousand events go over one connection", async () => {
  await using station = await grpcStation(0);
  let connections = 0;
  await using relay = await tcpServer((client) => {
    connections += 1;
    const server = connect(station.port, "127.0.0.1");
    client.pipe(server).pipe(client);
    server.on("error", () => client.destroy());
    client.on("close", () => server.destroy());
  });
  await using hop = grpcPublisher({ method, address: relay.address });
  for (let batch = 0; batch < 10; batch += 1) {
    const results = await hop.publish(Array.from({ length: 100 }, someEvent), soon());
    expect(results.every(({ stored }) => stored)).toBe(true);
  }
  expect(connections).toBe(1);
});
