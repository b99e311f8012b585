import { ConfigError, type ConfigOf, httpUrl } from "../../lib/config.ts";
import type { GrpcHop, HttpHop } from "../../lib/pipeline/station.ts";
import { overTls } from "../../lib/tls/client-tls.ts";
import type { spec } from "./config.ts";

/**
 * Where a hop leads, one address or several: what the environment says of its lane, or of the station's one hop, else the
 * pipeline's own. By TLS an `http` address is taken for the `https` one of the same port: the pipelines' own are in clear
 * text, and the scheme may be left out.
 *
 * @throws ConfigError where `NEXT_URL` is set for a station with several hops.
 */
export function addressesOf(
  hop: GrpcHop | HttpHop,
  config: ConfigOf<typeof spec>,
  isTls: boolean,
): readonly URL[] {
  const { station, name } = config.STATION;
  const hops = station.next.filter(({ via }) => via !== "broker");
  if (config.NEXT_URL !== undefined && hops.length > 1) {
    throw new ConfigError([
      `NEXT_URL names one next hop and ${name} has ${hops.length}: set KAFKA_WRITER_ADDR and RABBIT_WRITER_ADDR: current value is "${config.NEXT_URL}"`,
    ]);
  }
  const all = ofLane(hop.lane, config) ?? config.NEXT_URL ?? [httpUrl(hop.address)];
  return isTls ? all.map(overTls) : all;
}

function ofLane(lane: string, config: ConfigOf<typeof spec>): readonly URL[] | undefined {
  if (lane === "kafka") return config.KAFKA_WRITER_ADDR;
  return lane === "rabbit" ? config.RABBIT_WRITER_ADDR : undefined;
}
