import { describe, expect, test } from "bun:test";
import { grpcJsClient, grpcJsService } from "../rpc/testing/grpc-js.ts";
import { openGrpcDoor, openHttpDoor, tweet } from "./testing/clima-door.ts";
import { policyDoor } from "./testing/policy-door.ts";

const service = grpcJsService(
  "weathertweet/weathertweet.proto",
  "weathertweet.WeatherTweetService",
);

interface Answer {
  /** What the protocol calls success or failure. */
  readonly status: number;
  readonly applied: string | undefined;
  readonly lanes: string | undefined;
}

const doors = {
  http: {
    success: 200,
    unavailable: 503,
    invalid: 422,
    open: async (overrides: object) => {
      const door = openHttpDoor("api", overrides);
      const send = async (prefer?: string, body: object = tweet): Promise<Answer> => {
        const headers = prefer === undefined ? {} : { prefer };
        const reply = await door.post("/clima", body, headers);
        return {
          status: reply.status,
          applied: reply.headers.get("preference-applied") ?? undefined,
          lanes: reply.headers.get("lane-outcomes") ?? undefined,
        };
      };
      return { send, [Symbol.asyncDispose]: () => door[Symbol.asyncDispose]() };
    },
  },
  grpc: {
    success: 0,
    unavailable: 14,
    invalid: 3,
    open: async (overrides: object) => {
      const door = await openGrpcDoor("writer", overrides);
      const client = grpcJsClient(service, door.address);
      const send = async (prefer?: string, body: object = tweet): Promise<Answer> => {
        const metadata = prefer === undefined ? {} : { prefer };
        const outcome = await client.call("SendTweet", body, { metadata });
        const text = (name: string) => outcome.metadata[name]?.toString();
        const [applied, lanes] = [text("preference-applied"), text("lane-outcomes")];
        return { status: outcome.code, applied, lanes };
      };
      return {
        send,
        [Symbol.asyncDispose]: async () => {
          client[Symbol.dispose]();
          await door[Symbol.asyncDispose]();
        },
      };
    },
  },
};

for (const [name, { success, unavailable, invalid, open }] of Object.entries(doors)) {
  describe(`a preferred policy over ${name}`, () => {
    test("each policy is applied, and the reply says so with the outcome of its lanes", async () => {
      const lanes = policyDoor();
      await using door = await open(lanes.options);
      expect(await door.send("policy=kafka")).toEqual({
        status: success,
        applied: "policy=kafka",
        lanes: "kafka=stored",
      });
      expect(lanes.stored()).toEqual({ kafka: 1, rabbit: 0 });
      expect(await door.send('respond-async, Policy="RABBIT"; strict')).toEqual({
        status: success,
        applied: "policy=rabbit",
        lanes: "rabbit=stored",
      });
      expect(lanes.stored()).toEqual({ kafka: 1, rabbit: 1 });
      expect(await door.send("policy=both")).toEqual({
        status: success,
        applied: "policy=both",
        lanes: "kafka=stored; rabbit=stored",
      });
      expect(lanes.stored()).toEqual({ kafka: 2, rabbit: 2 });
      const { status, applied, lanes: asked } = await door.send("policy=random");
      expect([status, applied]).toEqual([success, "policy=random"]);
      expect(["kafka=stored", "rabbit=stored"]).toContain(asked ?? "");
    });

    test("one lane down: the other alone succeeds, both fail and name the outcomes", async () => {
      const lanes = policyDoor();
      lanes.rabbit.behaviour.fail = "unavailable";
      await using door = await open(lanes.options);
      expect(await door.send("policy=kafka")).toMatchObject({ status: success });
      expect(await door.send("policy=both")).toEqual({
        status: unavailable,
        applied: "policy=both",
        lanes: "kafka=stored; rabbit=unavailable",
      });
      expect(await door.send("policy=rabbit")).toEqual({
        status: unavailable,
        applied: "policy=rabbit",
        lanes: "rabbit=unavailable",
      });
      for (let count = 0; count < 10; count += 1) {
        const { status, lanes: asked } = await door.send("policy=random");
        expect(status).toBe(success);
        expect(asked).toContain("kafka=stored");
      }
    });

    test("what cannot be honoured is ignored, and the reply is silent about it", async () => {
      const lanes = policyDoor();
      await using door = await open(lanes.options);
      for (const prefer of [undefined, "", "policy=pulsar", "wait=10", "policy", "kafka", '"']) {
        expect(await door.send(prefer)).toEqual({
          status: success,
          applied: undefined,
          lanes: undefined,
        });
      }
      expect(lanes.stored()).toEqual({ kafka: 7, rabbit: 7 });
    });

    test("an event that the door refuses had no policy", async () => {
      const lanes = policyDoor();
      await using door = await open(lanes.options);
      expect(await door.send("policy=kafka", { ...tweet, humidity: 101 })).toEqual({
        status: invalid,
        applied: undefined,
        lanes: undefined,
      });
    });

    test("where it is off a preference changes nothing", async () => {
      const lanes = policyDoor(false);
      await using door = await open(lanes.options);
      expect(await door.send("policy=kafka")).toEqual({
        status: success,
        applied: undefined,
        lanes: undefined,
      });
      expect(lanes.stored()).toEqual({ kafka: 1, rabbit: 1 });
    });
  });
}
