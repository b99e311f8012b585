import type { Message } from "@bufbuild/protobuf";
import {
  PublishError,
  type PublishErrorCode,
  type PublishErrorDetails,
} from "../broker/publish-error.ts";
import type { NotStored, Publisher, PublishOptions, PublishResult } from "../broker/publisher.ts";
import type { PipelineEvent } from "../event/event.ts";

/** What differs between hops. */
export interface HopOptions {
  /** Where events go, for messages. */
  readonly target: string;
  /** How many events may be on their way at a time; more are refused. */
  readonly inFlightMax: number;
  /** Hands one event on with the preferred policy; answers by `deadlineAtMs`, which lies ahead, and never rejects. */
  send(event: PipelineEvent<Message>, options: PublishOptions): Promise<PublishResult>;
  ready(): Promise<boolean>;
  disconnect(): void | Promise<void>;
}

/** A publisher that hands each event on by a call of its own, as many at a time as it may. */
export function hop(options: HopOptions): Publisher<PipelineEvent<Message>> {
  const { target, inFlightMax, send } = options;
  const inFlight = new Set<Promise<PublishResult>>();
  let closed = false;

  async function one(
    event: PipelineEvent<Message>,
    publishOptions: PublishOptions,
  ): Promise<PublishResult> {
    if (closed) return notStored("unavailable", `Cannot hand on to ${target}: it is closed`);
    if (publishOptions.deadlineAtMs <= Date.now()) {
      return notStored("deadline", `Cannot hand on to ${target}: no time is left`);
    }
    if (inFlight.size >= inFlightMax) {
      const why = `Cannot hand on to ${target}: as many are in flight as may be: current value is ${inFlightMax}`;
      return notStored("overloaded", why);
    }
    const sending = send(event, publishOptions);
    inFlight.add(sending);
    return sending.finally(() => inFlight.delete(sending));
  }

  return {
    publish: (events, publishOptions) =>
      Promise.all(events.map((event) => one(event, publishOptions))),
    ready: () => options.ready(),
    [Symbol.asyncDispose]: async () => {
      closed = true;
      await Promise.all(inFlight);
      await options.disconnect();
    },
  };
}

/** A failure as a result. */
export function notStored(
  code: PublishErrorCode,
  message: string,
  details: PublishErrorDetails = {},
): NotStored {
  return { stored: false, error: new PublishError(code, message, details) };
}
