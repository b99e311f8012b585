import type { Message } from "@bufbuild/protobuf";
import {
  WeatherTweetRequestSchema as schema,
  WeatherTweetService,
} from "../../../gen/weathertweet/weathertweet_pb.ts";
import type { Publisher } from "../../broker/publisher.ts";
import type { PipelineEvent } from "../../event/event.ts";
import type { SessionTimes } from "../../rpc/session-limits.ts";
import type { ClientTls } from "../../tls/client-tls.ts";
import type { ServerTls } from "../../tls/server-tls.ts";
import { grpcPublisher } from "../grpc-publisher.ts";
import { httpPublisher } from "../http-publisher.ts";
import { grpcStation } from "./grpc-station.ts";
import { httpStation } from "./http-station.ts";

const method = WeatherTweetService.method.sendTweet;

/** Both ends of a hop that goes by mutual TLS. */
export interface TlsHop {
  /** A station behind another one, which publishes to memory. */
  serve(tls: ServerTls, times?: SessionTimes): ReturnType<typeof grpcStation>;
  /** A publisher to it. */
  connect(port: number, tls: ClientTls): Publisher<PipelineEvent<Message>>;
}

/** The hops by what they speak. */
export const tlsHops: Readonly<Record<"gRPC" | "HTTP", TlsHop>> = {
  gRPC: {
    serve: (tls, times) => grpcStation(0, {}, tls, times),
    connect: (port, tls) => grpcPublisher({ method, address: `https://127.0.0.1:${port}`, tls }),
  },
  HTTP: {
    serve: (tls) => httpStation(0, {}, tls),
    connect: (port, tls) =>
      httpPublisher({ schema, address: `https://127.0.0.1:${port}/clima`, tls }),
  },
};
