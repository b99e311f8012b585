import { expect, test } from "bun:test";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from "../../gen/grpc/health/v1/health_pb.ts";
import { grpcServer } from "./grpc-server.ts";
import { healthRoutes } from "./health.ts";
import { grpcJsClient, grpcJsService } from "./testing/grpc-js.ts";

async function open(serving: () => Promise<boolean>) {
  const server = await grpcServer({
    port: 0,
    hostname: "127.0.0.1",
    messageBytesMax: 65_536,
    routes: [healthRoutes({ serving, services: ["weathertweet.WeatherTweetService"] })],
  });
  return { ...server, address: `127.0.0.1:${server.port}` };
}

const service = grpcJsService("grpc/health/v1/health.proto", "grpc.health.v1.Health");

test("Check follows readiness, for the server and for its services", async () => {
  let ready = true;
  await using server = await open(async () => ready);
  using user = grpcJsClient(service, server.address);
  for (const name of ["", "weathertweet.WeatherTweetService"]) {
    ready = true;
    expect((await user.call("Check", { service: name })).reply).toEqual({ status: "SERVING" });
    ready = false;
    expect((await user.call("Check", { service: name })).reply).toEqual({ status: "NOT_SERVING" });
  }
});

test("a readiness check that fails means not serving", async () => {
  await using server = await open(() => Promise.reject(new Error("gone")));
  using user = grpcJsClient(service, server.address);
  expect((await user.call("Check", {})).reply).toEqual({ status: "NOT_SERVING" });
});

test("Check of a service that is not there: NOT_FOUND", async () => {
  await using server = await open(async () => true);
  using user = grpcJsClient(service, server.address);
  expect((await user.call("Check", { service: "nope" })).code).toBe(5);
});

test("Watch tells the status at once and when it changes, and ends when the server closes", async () => {
  let ready = true;
  const server = await open(async () => ready);
  const transport = createGrpcTransport({ baseUrl: `http://${server.address}` });
  const seen: Status[] = [];
  let closed: PromiseLike<void> | undefined;
  try {
    for await (const { status } of createClient(Health, transport).watch({})) {
      seen.push(status);
      if (status === Status.SERVING) ready = false;
      else closed = server[Symbol.asyncDispose]();
    }
  } catch (error) {
    expect([Code.Aborted, Code.Canceled, Code.Unavailable]).toContain(
      ConnectError.from(error).code,
    );
  }
  expect(seen).toEqual([Status.SERVING, Status.NOT_SERVING]);
  await closed;
});

test("Watch of a service that is not there says so and stays open", async () => {
  await using server = await open(async () => true);
  const transport = createGrpcTransport({ baseUrl: `http://${server.address}` });
  for await (const { status } of createClient(Health, transport).watch({ service: "nope" })) {
    expect(status).toBe(Status.SERVICE_UNKNOWN);
    break;
  }
});
