import { afterAll, describe } from "bun:test";
import {
  WeatherTweetRequestSchema as schema,
  WeatherTweetService,
} from "../../gen/weathertweet/weathertweet_pb.ts";
import { httpUrl } from "../config.ts";
import { testAuthority } from "../testing/test-authority.ts";
import { canCertify } from "../testing/test-certificate.ts";
import type { Identity } from "../tls/identity.ts";
import { identityIn, memoryIdentity } from "../tls/testing/memory-identity.ts";
import { deadlineSuite } from "./deadline.suite.ts";
import { grpcPublisher } from "./grpc-publisher.ts";
import { httpPublisher } from "./http-publisher.ts";
import { preferenceSuite } from "./preference.suite.ts";
import { type HopUnderTest, hopSuite } from "./publisher.suite.ts";
import { renewing } from "./renewing.ts";
import { spread } from "./spread.ts";
import { grpcStation } from "./testing/grpc-station.ts";
import { httpStation } from "./testing/http-station.ts";

const method = WeatherTweetService.method.sendTweet;

/** Everything that hops promise in clear text holds over mutual TLS. */
describe.skipIf(!canCertify)("over mutual TLS", () => {
  if (!canCertify) return;
  using stack = new DisposableStack();
  const authority = stack.use(testAuthority());
  const identityOf = () => memoryIdentity(identityIn(authority.issue()));
  const stations = { identity: identityOf(), onFault: () => {} };
  const hops = identityOf();
  const own = stack.move();
  afterAll(() => own.dispose());

  const under = (open: (identity: Identity) => ReturnType<typeof grpcPublisher>) =>
    renewing(hops, open);
  const all: Record<string, HopUnderTest> = {
    "the gRPC hop over TLS": {
      serve: (port, overrides) => grpcStation(port, overrides, stations),
      connect: (address, inFlightMax = 1_000) =>
        under((identity) => {
          const tls = { identity, name: "127.0.0.1" };
          return grpcPublisher({ method, address: `https://${address}`, tls, inFlightMax });
        }),
    },
    "the HTTP hop over TLS": {
      serve: (port, overrides) => httpStation(port, overrides, stations),
      connect: (address, inFlightMax = 1_000) =>
        under((identity) => {
          const tls = { identity, name: "127.0.0.1" };
          return httpPublisher({ schema, address: `https://${address}/clima`, tls, inFlightMax });
        }),
    },
    "the gRPC hop over TLS to what stands behind a name": {
      serve: (port, overrides) => grpcStation(port, overrides, stations),
      connect: (address, inFlightMax = 1_000) =>
        spread({
          addresses: [httpUrl(`https://${address.replace("127.0.0.1", "writer.test")}`)],
          lookUp: async () => ["127.0.0.1"],
          verifiesNames: true,
          open: (place, name) =>
            under((identity) =>
              grpcPublisher({ method, address: place, tls: { identity, name }, inFlightMax }),
            ),
        }),
    },
  };
  for (const [name, underTest] of Object.entries(all)) {
    hopSuite(name, underTest);
    deadlineSuite(name, underTest);
    preferenceSuite(name, underTest);
  }
});
