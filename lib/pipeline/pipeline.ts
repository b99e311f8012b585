import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { PipelineEvent } from "../event/event.ts";
import type { KeyQuery } from "./key-query.ts";
import type { LogForm } from "./log-form.ts";
import type { Operation } from "./operation.ts";
import type { Station } from "./station.ts";
import type { View } from "./view.ts";

/** The places of a pipeline, by name. */
export type Stations = Readonly<Record<string, Station>>;

/** How a pipeline's message stands on the brokers. */
export interface BrokerForm<M> {
  /** The Kafka topic and the RabbitMQ queue; the environment may override either. */
  readonly topic: string;
  readonly queue: string;
  /** The JSON that foreign consumers read. */
  encode(message: M): Readonly<Record<string, string | number>>;
  /**
   * The message that a JSON value of a broker stands for, ours or a foreign producer's.
   *
   * @throws Error with the reason where it stands for none; trying again cannot help.
   */
  decode(json: unknown): M;
  /** The key of Kafka's records. Events of one key share a partition, and so keep their order, unless `spread` is set. */
  readonly key?: (message: M) => string;
  /**
   * Spreads the events of one key over all partitions: for keys that are few, where order does not matter.
   * @default false
   */
  readonly spread?: boolean;
  /**
   * How many partitions the topic gets where it does not exist yet; as many consumers can share it.
   * @default 3
   */
  readonly partitions?: number;
  /**
   * How long the topic keeps messages where it does not exist yet, in milliseconds.
   * @default the broker's own
   */
  readonly retentionMs?: number;
}

/** One domain: what an event is, where it enters, how it stands on the brokers, what it folds into the store. */
export interface Pipeline<D extends DescMessage = DescMessage, S extends Stations = Stations> {
  /** The pipeline's name, the first segment of its routes. */
  readonly name: string;
  readonly message: D;
  /** The body of a request, for people who try the pipeline. */
  readonly sample: Readonly<Record<string, string | number>>;
  readonly broker: BrokerForm<MessageShape<D>>;
  /** The changes that one event makes; derived from the event alone, its id's time included. */
  fold(event: PipelineEvent<MessageShape<D>>): readonly Operation[];
  /** What `GET /api/<name>/state` shows: every key that the fold writes and people read. */
  readonly state: readonly KeyQuery[];
  /** What the pipeline's log keeps of each event, where it has one. */
  readonly log?: LogForm<MessageShape<D>>;
  /** How people see it. */
  readonly view?: View;
  readonly stations: S;
}

/** Any pipeline, where its message's type does not matter. */
// biome-ignore lint/suspicious/noExplicitAny: the message's type is contravariant here, so no other type fits all.
export type AnyPipeline = Pipeline<any>;

/**
 * Declares a pipeline with its message's type inferred, so that encode, decode and fold are checked, and its stations as
 * they stand, so that whoever names a station that is not there does not compile.
 */
export function pipeline<D extends DescMessage, const S extends Stations>(
  definition: Pipeline<D, S>,
): Pipeline<D, S> {
  return definition;
}
