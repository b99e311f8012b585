import { downAfterMinMs } from "../../charts/constructs/sentinel-settings.ts";
import { findMix } from "../../loadtest/mixes/find-mix.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import type { RigSpec } from "./rig.ts";

const clima = {
  pipeline: climaApp,
  mix: findMix("clima-app"),
  doors: [{ process: "clima-app-api", path: "/clima" }],
} as const;

/** `clima-app`, a process for each station. */
export const plain: RigSpec = { name: "plain", ...clima };

/** The same, with proxies on the ways to RabbitMQ, Valkey and the next hops. */
export const proxied: RigSpec = { name: "proxied", ...clima, proxied: true };

/** The same on a Kafka of three brokers. */
export const threeBrokers: RigSpec = { name: "three brokers", ...clima, kafkaNodes: 3 };

/** The same with two processes for each station and three for each consumer; the second door is the second process's. */
export const replicated: RigSpec = {
  name: "replicated",
  ...clima,
  doors: [...clima.doors, { process: "clima-app-api-2", path: "/clima" }],
  replicas: {
    "clima-app/api": 2,
    "clima-app/proxy": 2,
    "clima-app/writer": 2,
    "clima-app/kafka-consumer": 3,
    "clima-app/rabbit-consumer": 3,
  },
};

/** The same with a Valkey of three servers under sentinels, which replace the primary as soon as in our charts. */
export const watched: RigSpec = {
  name: "watched",
  ...clima,
  watched: { downAfterMs: downAfterMinMs },
  env: { VALKEY_WAIT: "1" },
};

/** The same with a store that remembers few ids. */
export const forgetful: RigSpec = { name: "forgetful", ...clima, env: { IDS_MAX: "1000" } };

/** `votaciones`, by both of its routes, with two stores. */
export const twoStores: RigSpec = {
  name: "two stores",
  pipeline: votaciones,
  mix: findMix("votaciones"),
  doors: [
    { process: "votaciones-rest-api", path: "/rust/send_data" },
    { process: "votaciones-grpc-api", path: "/grpc/insert" },
  ],
};
