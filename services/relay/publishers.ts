import type { Message } from "@bufbuild/protobuf";
import type { Publisher } from "../../lib/broker/publisher.ts";
import type { ConfigOf } from "../../lib/config.ts";
import { breaking } from "../../lib/delivery/circuit-breaker.ts";
import { encoded } from "../../lib/delivery/encoded.ts";
import { fanOut, isLane, policyAmong } from "../../lib/delivery/fan-out.ts";
import { metered } from "../../lib/delivery/metered.ts";
import type { PipelineEvent } from "../../lib/event/event.ts";
import { lookUpHost } from "../../lib/hop/look-up.ts";
import { renewing } from "../../lib/hop/renewing.ts";
import { repeating } from "../../lib/hop/repeating.ts";
import { spread } from "../../lib/hop/spread.ts";
import type { Log } from "../../lib/log.ts";
import type { RelayMetrics } from "../../lib/metrics.ts";
import type { GrpcHop, HttpHop, NextStop } from "../../lib/pipeline/station.ts";
import type { ClientTls } from "../../lib/tls/client-tls.ts";
import type { LiveIdentity } from "../../lib/tls/live-identity.ts";
import { kafkaConnection } from "../../lib/variables.ts";
import { addressesOf } from "./addresses.ts";
import type { spec } from "./config.ts";
import type { HopTls } from "./hop-tls.ts";

type Config = ConfigOf<typeof spec>;
type EventPublisher = Publisher<PipelineEvent<Message>>;

/** Who hears of what publishers do, and by what they reach next stations. */
interface Surroundings {
  readonly metrics: RelayMetrics;
  readonly log: Log;
  /** Mutual TLS, where hops go by it. */
  readonly tls: HopTls | undefined;
}

/**
 * What the station hands events on to, under the policy. The clients of lanes that it does not require are never loaded,
 * but where requests may choose their policy.
 */
export async function openPublisher(
  config: Config,
  surroundings: Surroundings,
): Promise<EventPublisher> {
  const { metrics } = surroundings;
  const { next } = config.STATION.station;
  const policy = policyAmong(
    config.WRITER_TARGET.policy,
    next.map(({ lane }) => lane),
  );
  const used = next.filter(
    ({ lane }) => config.PREFER_POLICY || lane === policy || !isLane(policy),
  );
  const lanes = await Promise.all(
    used.map(async (stop) => {
      const publisher = guarded(stop, await openStop(stop, config, surroundings), surroundings);
      return [stop.lane, metered(stop.lane, metrics, publisher)] as const;
    }),
  );
  return fanOut({ policy, lanes: Object.fromEntries(lanes) });
}

/** Brokers' drivers repeat within the deadline themselves: what they cannot mend is taken out of the way. A hop is asked again. */
function guarded(
  { via, lane }: NextStop,
  publisher: EventPublisher,
  { metrics, log }: Surroundings,
): EventPublisher {
  if (via !== "broker") {
    return repeating(publisher, { onRepeat: () => metrics.repeated(lane) });
  }
  return breaking(publisher, {
    lane,
    onChange: (isOpen) => {
      metrics.circuit(lane, isOpen);
      if (isOpen) log.warn("a lane stores nothing: its events fail at once", { lane });
      else log.info("the lane stores again", { lane });
    },
  });
}

function openStop(
  stop: NextStop,
  config: Config,
  { log, tls }: Surroundings,
): Promise<EventPublisher> {
  switch (stop.via) {
    case "grpc":
      return openGrpc(stop, config, tls?.identity);
    case "http":
      return openHttp(stop, config, tls?.identity);
    case "broker":
      return stop.lane === "kafka" ? openKafka(config, log) : openRabbit(config, log);
  }
}

async function openGrpc(
  stop: GrpcHop,
  config: Config,
  identity: LiveIdentity | undefined,
): Promise<EventPublisher> {
  const { grpcPublisher } = await import("../../lib/hop/grpc-publisher.ts");
  return spread({
    addresses: addressesOf(stop, config, identity !== undefined),
    // A gRPC client keeps one connection: without the addresses behind a name, one pod would get everything.
    lookUp: lookUpHost,
    verifiesNames: identity !== undefined,
    open: (address, name) =>
      underTls(identity, name, (tls) => grpcPublisher({ method: stop.method, address, tls })),
  });
}

async function openHttp(
  stop: HttpHop,
  config: Config,
  identity: LiveIdentity | undefined,
): Promise<EventPublisher> {
  const { httpPublisher } = await import("../../lib/hop/http-publisher.ts");
  const schema = config.STATION.pipeline.message;
  return spread({
    addresses: addressesOf(stop, config, identity !== undefined),
    open: (address, name) =>
      underTls(identity, name, (tls) => httpPublisher({ schema, address, tls })),
  });
}

/** One publisher in clear text, or one for each identity that the relay gets. */
function underTls(
  identity: LiveIdentity | undefined,
  name: string,
  open: (tls: ClientTls | undefined) => EventPublisher,
): EventPublisher {
  if (identity === undefined) return open(undefined);
  return renewing(identity, (now) => open({ identity: now, name }));
}

async function openKafka(config: Config, log: Log): Promise<EventPublisher> {
  const { kafkaPublisher } = await import("../../lib/broker/kafka/kafka-publisher.ts");
  const { pipeline, name } = config.STATION;
  const topic = config.KAFKA_TOPIC ?? pipeline.broker.topic;
  const connection = kafkaConnection(config);
  const create = pipeline.broker;
  return encoded(pipeline, kafkaPublisher({ ...connection, topic, create, clientId: name, log }));
}

async function openRabbit(config: Config, log: Log): Promise<EventPublisher> {
  const { rabbitPublisher } = await import("../../lib/broker/rabbit/rabbit-publisher.ts");
  const { pipeline } = config.STATION;
  const queue = config.RABBIT_QUEUE ?? pipeline.broker.queue;
  return encoded(pipeline, rabbitPublisher({ url: config.RABBIT_URL.href, queue, log }));
}
