import { describe, expect, test } from "bun:test";
import { policyDoor } from "../door/testing/policy-door.ts";
import { type HopUnderTest, someEvent } from "./publisher.suite.ts";

/** What every hop promises of a client's preference, whatever it speaks. */
export function preferenceSuite(name: string, { serve, connect }: HopUnderTest): void {
  const preferring = () => ({ deadlineAtMs: Date.now() + 2_000, policy: "kafka" }) as const;

  /** A hop to a station with two lanes that lets requests choose among them, or does not. */
  async function setUp(preferPolicy: boolean) {
    const lanes = policyDoor(preferPolicy);
    const next = await serve(0, lanes.options);
    const hop = connect(`127.0.0.1:${next.port}`);
    return {
      lanes,
      publish: async () => (await hop.publish([someEvent()], preferring()))[0],
      [Symbol.asyncDispose]: async () => {
        await hop[Symbol.asyncDispose]();
        await next[Symbol.asyncDispose]();
      },
    };
  }

  describe(name, () => {
    test("a preferred policy is passed on; what was applied comes back, with the lanes", async () => {
      await using at = await setUp(true);
      expect(await at.publish()).toEqual({
        stored: true,
        applied: "kafka",
        lanes: { kafka: "stored" },
      });
      expect(at.lanes.stored()).toEqual({ kafka: 1, rabbit: 0 });
      at.lanes.kafka.behaviour.fail = "unavailable";
      expect(await at.publish()).toMatchObject({
        stored: false,
        error: { applied: "kafka", lanes: { kafka: "unavailable" } },
      });
    });

    test("a station that applies no preferences says nothing, and nothing is made of it", async () => {
      await using at = await setUp(false);
      expect(await at.publish()).toEqual({ stored: true });
      expect(at.lanes.stored()).toEqual({ kafka: 1, rabbit: 1 });
    });
  });
}
