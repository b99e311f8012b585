import type { Fault } from "./fault.ts";
import { badConfiguration } from "./faults/bad-configuration.ts";
import { brokersAtBoot } from "./faults/brokers-at-boot.ts";
import { kafkaFrozen, kafkaKilled, rabbitKilled } from "./faults/brokers-killed.ts";
import { consumerKilled, consumersComeAndGo } from "./faults/consumers.ts";
import { copiesDelivered, sameIdAtOnce } from "./faults/copies.ts";
import { doorDeadlines } from "./faults/door-deadlines.ts";
import { doorFields } from "./faults/door-fields.ts";
import { doorFrames } from "./faults/door-frames.ts";
import { doorKeys } from "./faults/door-keys.ts";
import { doorRequests } from "./faults/door-requests.ts";
import { doorSizes } from "./faults/door-sizes.ts";
import { lateCopies } from "./faults/late-copies.ts";
import { bothWithoutOne, randomWithoutOne } from "./faults/one-broker-down.ts";
import { poison } from "./faults/poison.ts";
import { rabbitFull } from "./faults/rabbit-full.ts";
import { hopCut, relayKilled, rollingRestart } from "./faults/relays.ts";
import { soak } from "./faults/soak.ts";
import { stopWithoutBroker } from "./faults/stop-signals.ts";
import { storeCut, storeFrozen, storeKilled } from "./faults/store.ts";
import { storeFailsOver } from "./faults/store-failover.ts";
import { storeHangs, storeReplaced } from "./faults/store-replaced.ts";
import { leaderKilled, tooFewInSync } from "./faults/three-brokers.ts";
import { pastRetention, topicMadeAnew, transactionMarkers } from "./faults/topics.ts";
import { eitherStoreDown } from "./faults/two-stores.ts";

/** Every fault that can be produced. */
export const allFaults: readonly Fault[] = [
  doorSizes,
  doorFields,
  doorRequests,
  doorFrames,
  doorDeadlines,
  doorKeys,
  brokersAtBoot,
  kafkaKilled,
  rabbitKilled,
  tooFewInSync,
  kafkaFrozen,
  rabbitFull,
  ...bothWithoutOne,
  ...randomWithoutOne,
  relayKilled,
  hopCut,
  rollingRestart,
  stopWithoutBroker,
  consumerKilled,
  consumersComeAndGo,
  poison,
  copiesDelivered,
  storeKilled,
  storeCut,
  storeFailsOver,
  storeReplaced,
  storeHangs,
  storeFrozen,
  ...eitherStoreDown,
  ...pastRetention,
  soak,
  badConfiguration,
  lateCopies,
  topicMadeAnew,
  transactionMarkers,
  leaderKilled,
  sameIdAtOnce,
];
