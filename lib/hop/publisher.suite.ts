import { describe, expect, test } from "bun:test";
import { create, type Message } from "@bufbuild/protobuf";
import { WeatherTweetRequestSchema } from "../../gen/weathertweet/weathertweet_pb.ts";
import type { Publisher, PublishResult } from "../broker/publisher.ts";
import type { DoorOptions } from "../door/door-options.ts";
import { tweet } from "../door/testing/clima-door.ts";
import type { PipelineEvent } from "../event/event.ts";
import { newEventId } from "../event/event-id.ts";
import type { Keys } from "../store/keys.ts";
import type { memoryPublisher } from "../testing/memory-publisher.ts";
import { tcpServer } from "../testing/tcp-server.ts";
import { until } from "../testing/until.ts";

type Event = PipelineEvent<Message>;

/** A hop as the suite drives it: the publisher, and a station of ours that it leads to. */
export interface HopUnderTest {
  /** Opens the next station; port 0 is a free one. */
  serve(port: number, overrides?: Partial<DoorOptions>): Promise<NextStation>;
  /** A publisher to `host:port`, without a scheme. */
  connect(address: string, inFlightMax?: number): Publisher<Event>;
}

/** The station after the hop. */
export interface NextStation extends AsyncDisposable {
  readonly port: number;
  readonly publisher: ReturnType<typeof memoryPublisher<Event>>;
}

/** A fresh event. */
export function someEvent(): Event {
  return { id: newEventId(), message: create(WeatherTweetRequestSchema, tweet) };
}

/** A deadline `ms` from now. */
export const within = (ms: number) => ({ deadlineAtMs: Date.now() + ms });
const soon = () => within(2_000);

/** `stored`, or the code of the failure. */
export function outcome(result: PublishResult | undefined): string {
  if (result === undefined) return "none";
  return result.stored ? "stored" : result.error.code;
}

/** A hop to a station of ours, both open until it is disposed. */
export async function openHop(
  { serve, connect }: HopUnderTest,
  overrides: Partial<DoorOptions> = {},
  inFlightMax?: number,
) {
  const next = await serve(0, overrides);
  const hop = connect(`127.0.0.1:${next.port}`, inFlightMax);
  const publish = async (deadline = soon()) =>
    (await hop.publish([someEvent()], deadline))[0] as PublishResult;
  return {
    next,
    hop,
    publish,
    [Symbol.asyncDispose]: async () => {
      await hop[Symbol.asyncDispose]();
      await next[Symbol.asyncDispose]();
    },
  };
}

/** What every hop promises, whatever it speaks. */
export function hopSuite(name: string, underTest: HopUnderTest): void {
  const { serve, connect } = underTest;
  const setUp = (overrides?: Partial<DoorOptions>, inFlightMax?: number) =>
    openHop(underTest, overrides, inFlightMax);

  describe(name, () => {
    test("an event is stored under its own id", async () => {
      await using at = await setUp();
      const event = someEvent();
      expect(await at.hop.publish([event], soon())).toEqual([{ stored: true }]);
      expect(at.next.publisher.stored.map(({ id }) => id)).toEqual([event.id]);
      expect(at.next.publisher.stored[0]?.message).toMatchObject(tweet);
    });

    test("a hundred events of one call are answered in their order", async () => {
      await using at = await setUp();
      const events = Array.from({ length: 100 }, someEvent);
      const results = await at.hop.publish(events, soon());
      expect(results.map(outcome)).toEqual(events.map(() => "stored"));
      const ids = at.next.publisher.stored.map(({ id }) => id);
      expect(ids.toSorted()).toEqual(events.map(({ id }) => id).toSorted());
    });

    test("the next door neither claims the id nor finds it too old: that is settled", async () => {
      let asked = 0;
      const keys: Keys = {
        claim: async () => {
          asked += 1;
          return { claimed: false, reason: "other-body" };
        },
        [Symbol.asyncDispose]: async () => {},
      };
      await using at = await setUp({ keys, idWindowMs: 1_000 });
      const event = { ...someEvent(), id: newEventId(Date.now() - 60_000) };
      expect((await at.hop.publish([event], soon())).map(outcome)).toEqual(["stored"]);
      expect(asked).toBe(0);
    });

    for (const code of ["invalid", "conflict", "overloaded"] as const) {
      test(`${code} of the next station is ${code}, a refusal`, async () => {
        await using at = await setUp();
        at.next.publisher.behaviour.fail = code;
        const result = await at.publish();
        expect(result).toMatchObject({ stored: false, error: { code, refused: true } });
      });
    }

    for (const code of ["unavailable", "deadline"] as const) {
      test(`${code} of the next station is ${code}, unknown, with the outcome of its lanes`, async () => {
        await using at = await setUp();
        const lanes = { kafka: "stored", rabbit: "connection refused" };
        Object.assign(at.next.publisher.behaviour, { fail: code, lanes });
        const result = await at.publish();
        expect(result).toMatchObject({ stored: false, error: { code, refused: false, lanes } });
      });
    }

    test("content that the next door refuses is invalid", async () => {
      await using at = await setUp();
      const message = create(WeatherTweetRequestSchema, { ...tweet, humidity: 101 });
      const [result] = await at.hop.publish([{ ...someEvent(), message }], soon());
      expect(outcome(result)).toBe("invalid");
    });

    test("more than may be in flight is overloaded, at once", async () => {
      await using at = await setUp({}, 2);
      const release = Promise.withResolvers<void>();
      at.next.publisher.behaviour.hold = release.promise;
      const results = at.hop.publish(Array.from({ length: 3 }, someEvent), soon());
      expect(outcome(await at.publish())).toBe("overloaded");
      release.resolve();
      expect((await results).map(outcome)).toEqual(["stored", "stored", "overloaded"]);
      expect(outcome(await at.publish())).toBe("stored");
    });

    test("a server that is away is unavailable at once; once it is there events are stored", async () => {
      const { port } = await (async () => {
        await using gone = await serve(0);
        return gone;
      })();
      await using hop = connect(`127.0.0.1:${port}`);
      expect((await hop.publish([someEvent()], soon())).map(outcome)).toEqual(["unavailable"]);
      expect(await hop.ready()).toBe(false);
      await using next = await serve(port);
      await until("the hop to be ready", () => hop.ready());
      expect((await hop.publish([someEvent()], soon())).map(outcome)).toEqual(["stored"]);
      expect(next.publisher.stored.length).toBe(1);
    });

    test("a server that restarts under load loses nothing that was stored, and the hop goes on by itself", async () => {
      let next = await serve(0);
      const { port } = next;
      await using hop = connect(`127.0.0.1:${port}`);
      const stations = [next];
      const stored: string[] = [];
      let running = true;
      const user = async () => {
        while (running) {
          const event = someEvent();
          const [result] = await hop.publish([event], soon());
          if (result?.stored) stored.push(event.id);
          else expect(outcome(result)).toBe("unavailable");
        }
      };
      const users = Array.from({ length: 8 }, user);
      await until("some events", () => stored.length > 50);
      await next[Symbol.asyncDispose]();
      next = await serve(port);
      stations.push(next);
      await until("some more", () => next.publisher.stored.length > 50);
      running = false;
      await Promise.all(users);
      await next[Symbol.asyncDispose]();
      const ids = new Set(
        stations.flatMap((each) => each.publisher.stored.map(({ id }) => id as string)),
      );
      expect(stored.filter((id) => !ids.has(id))).toEqual([]);
    });

    test("a server that breaks off is unavailable, and not ready", async () => {
      await using server = await tcpServer((socket) => {
        socket.once("data", () => socket.destroy());
      });
      await using hop = connect(server.address);
      expect((await hop.publish([someEvent()], soon())).map(outcome)).toEqual(["unavailable"]);
      expect(await hop.ready()).toBe(false);
    });

    test("a server that speaks something else is unavailable", async () => {
      await using server = await tcpServer((socket) => {
        socket.end("SSH-2.0-nothing of yours\r\n");
      });
      await using hop = connect(server.address);
      expect((await hop.publish([someEvent()], soon())).map(outcome)).toEqual(["unavailable"]);
    });

    test("a server that keeps silent is given up at the deadline, and not ready", async () => {
      await using server = await tcpServer(() => {});
      await using hop = connect(server.address);
      expect((await hop.publish([someEvent()], within(200))).map(outcome)).toEqual(["deadline"]);
      expect(await hop.ready()).toBe(false);
    });

    test("disposing waits for what is in flight; afterwards nothing is sent", async () => {
      const next = await serve(0);
      const hop = connect(`127.0.0.1:${next.port}`);
      const release = Promise.withResolvers<void>();
      next.publisher.behaviour.hold = release.promise;
      const results = hop.publish([someEvent()], soon());
      await until("the event to arrive", () => next.publisher.inFlight === 1);
      const disposed = hop[Symbol.asyncDispose]();
      expect((await hop.publish([someEvent()], soon())).map(outcome)).toEqual(["unavailable"]);
      release.resolve();
      expect((await results).map(outcome)).toEqual(["stored"]);
      await disposed;
      expect(next.publisher.stored.length).toBe(1);
      await next[Symbol.asyncDispose]();
    });
  });
}
