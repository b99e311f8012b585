import type { DescMessage, Message } from "@bufbuild/protobuf";
import type { LaneOutcomes } from "../broker/lane-outcomes.ts";
import type { PublishError } from "../broker/publish-error.ts";
import type { Publisher, PublishResult } from "../broker/publisher.ts";
import type { PipelineEvent } from "../event/event.ts";
import { newEventId } from "../event/event-id.ts";
import type { Log } from "../log.ts";
import type { Policy } from "../pipeline/station.ts";
import type { Keys } from "../store/keys.ts";
import type { Fate, Place } from "./adaptive-limit.ts";
import type { Admission } from "./admission.ts";
import type { Failure } from "./failure.ts";
import { faultLog } from "./fault-log.ts";
import { type Identity, identifier, type KeyedRequest, provisionalId } from "./idempotency.ts";

/** What doors of every protocol need to take events. */
export interface IntakeOptions {
  readonly schema: DescMessage;
  readonly publisher: Publisher<PipelineEvent<Message>>;
  /** Where clients' own keys are claimed; without it they are answered with `no-keys`. */
  readonly keys?: Keys | undefined;
  /** How old an id that a client sends may be, in milliseconds. */
  readonly idWindowMs: number;
  readonly admission?: Admission | undefined;
  readonly log: Log;
  readonly clock?: () => number;
}

/** A valid message on its way in. */
export interface Arrival extends KeyedRequest {
  /** When the door must answer, in milliseconds since the Unix epoch. */
  readonly deadlineAtMs: number;
  /** The policy that the client prefers; undefined also where it may not. */
  readonly policy: Policy | undefined;
}

/** A client's preference that was honoured: what the reply says of it. */
export interface Applied {
  readonly policy: Policy;
  /** How each lane answered that the policy requires. */
  readonly lanes: LaneOutcomes;
}

/** What became of an arrival; a failure that is missing means that the event is stored. */
export interface Taken extends Identity {
  readonly applied?: Applied;
}

/** The part of a door that is the same for every protocol. */
export interface Intake {
  /** Settles the event's id and hands the event on, where there is room. */
  take(arrival: Arrival): Promise<Taken>;
  /** Turns what a door did not foresee into a failure, and writes it down; the client learns nothing of it. */
  unforeseen(key: string | null, error: unknown): Identity & { readonly failure: Failure };
  readonly clock: () => number;
}

const unknownEffect =
  "the event may or may not be stored; sent again with this Idempotency-Key it has one effect";

/** Makes the intake that the doors of one station share. */
export function createIntake(options: IntakeOptions): Intake {
  const { schema, publisher, keys, admission, idWindowMs: windowMs } = options;
  const { log, clock = Date.now } = options;
  const onFault = faultLog(log, clock);
  const identify = identifier({
    schema,
    keys,
    windowMs,
    clock,
    onFault: (error) => onFault("no-keys", error),
  });

  async function handOn(arrival: Arrival): Promise<Taken> {
    // Most requests have no key, and so nothing to wait for.
    const identity: Identity =
      arrival.key === null ? { id: newEventId() } : await identify(arrival);
    if (identity.failure !== undefined) return identity;
    const { id } = identity;
    const { message, deadlineAtMs, policy, forwarded } = arrival;
    const [result] = await publisher.publish([{ id, message }], {
      deadlineAtMs,
      mayRepeat: !forwarded,
      ...(policy === undefined ? {} : { policy }),
    });
    if (result === undefined) throw new Error("Cannot answer: the publisher gave no result");
    const taken = policy === undefined ? { id } : { id, ...appliedIn(result) };
    if (result.stored) return taken;
    if (!result.error.refused) onFault(result.error.code, result.error);
    return { ...taken, failure: failureOf(result.error) };
  }

  async function inPlace(arrival: Arrival, place: Place): Promise<Taken> {
    let fate: Fate = "done";
    try {
      const taken = await handOn(arrival);
      const kind = taken.failure?.kind;
      if (kind === "overloaded" || kind === "unavailable") fate = kind;
      return taken;
    } finally {
      place.leave(fate);
    }
  }

  return {
    clock,
    take: async (arrival) => {
      if (admission === undefined) return handOn(arrival);
      const place = admission.enter(arrival.forwarded);
      if ("leave" in place) return inPlace(arrival, place);
      return { id: provisionalId(arrival.key), failure: place };
    },
    unforeseen: (key, error) => {
      log.error("unforeseen fault at the door", { error });
      const detail = "the event may or may not be stored";
      return { id: provisionalId(key), failure: { kind: "internal", detail } };
    },
  };
}

function appliedIn(result: PublishResult): Pick<Taken, "applied"> {
  const { applied: policy, lanes = {} } = result.stored ? result : result.error;
  return policy === undefined ? {} : { applied: { policy, lanes } };
}

/** Refusals say why; what a broker or hop said when it failed names hosts and is for the log. */
function failureOf({ code, message, lanes, refused }: PublishError): Failure {
  const detail = refused ? message : unknownEffect;
  return lanes === undefined ? { kind: code, detail } : { kind: code, detail, lanes };
}
