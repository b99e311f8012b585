import type { Delivery } from "../broker/subscriber.ts";

/** Throws where a delivery's messages are no longer ours: somebody else settles them. */
export function stopIfRevoked({ signal }: Delivery): void {
  if (signal.aborted) throw new Error("Cannot settle a delivery: its messages are no longer ours");
}
