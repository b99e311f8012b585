import type { Delivery } from "../broker/subscriber.ts";
import type { Decoded } from "./decode-delivery.ts";

/** A delivery for one sink, with what the sink has already. */
export interface PastCursor {
  readonly had: readonly Decoded[];
  readonly delivery: Delivery;
  readonly decoded: readonly Decoded[];
}

/**
 * Takes from a delivery what lies before a sink's cursor, as it was last seen. With several sinks a lane goes on where the
 * hindmost stands, and what the others have already they must not count once more. Where the sink has gone back meanwhile
 * it says that the rest lies ahead of it, and the lane is rewound.
 */
export function pastCursor(
  delivery: Delivery,
  decoded: readonly Decoded[],
  cursor: number | undefined,
): PastCursor {
  const { range } = delivery;
  if (range === undefined || cursor === undefined || cursor <= range.from || cursor >= range.to) {
    return { had: [], delivery, decoded };
  }
  const isPast = ({ message: { offset } }: Decoded) => offset === undefined || offset >= cursor;
  const left = decoded.filter(isPast);
  return {
    had: decoded.filter((each) => !isPast(each)),
    delivery: {
      range: { ...range, from: cursor },
      messages: left.map(({ message }) => message),
      signal: delivery.signal,
    },
    decoded: left,
  };
}
