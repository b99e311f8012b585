import type { LanePlace } from "../places/place.ts";
import type { Dealer, DealingCommand } from "./deal.ts";

/** `dlq drop`: letters are taken out, without an effect. */
export const dropping: DealingCommand = {
  deed: { infinitive: "drop", done: "dropped" },
  refuse: () => undefined,
  open: dropper,
};

function dropper({ letters }: LanePlace): Dealer {
  return {
    async deal(found) {
      await letters.settle(found.map(({ waiting }) => ({ letter: waiting, as: "dropped" })));
      return found.map((each) => ({ found: each, kind: "done" }));
    },
    async [Symbol.asyncDispose]() {},
  };
}
