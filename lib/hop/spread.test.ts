import { describe, expect, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { WeatherTweetService } from "../../gen/weathertweet/weathertweet_pb.ts";
import { httpUrl } from "../config.ts";
import { tcpServer } from "../testing/tcp-server.ts";
import { until } from "../testing/until.ts";
import { deadlineSuite } from "./deadline.suite.ts";
import { grpcPublisher } from "./grpc-publisher.ts";
import { preferenceSuite } from "./preference.suite.ts";
import { type HopUnderTest, hopSuite, outcome, someEvent } from "./publisher.suite.ts";
import { repeating } from "./repeating.ts";
import { spread } from "./spread.ts";
import { grpcStation } from "./testing/grpc-station.ts";

const method = WeatherTweetService.method.sendTweet;
const soon = () => ({ deadlineAtMs: Date.now() + 2_000 });

const underTest: HopUnderTest = {
  serve: grpcStation,
  connect: (address, inFlightMax = 1_000) =>
    spread({
      addresses: [httpUrl(address.replace("127.0.0.1", "writer.test"))],
      lookUp: async () => ["127.0.0.1"],
      open: (place) => grpcPublisher({ method, address: place, inFlightMax }),
    }),
};

hopSuite("the gRPC hop to what stands behind a name", underTest);
deadlineSuite("the gRPC hop to what stands behind a name", underTest);
preferenceSuite("the gRPC hop to what stands behind a name", underTest);

/** A hop to several addresses, and users that publish one event after the other until they are told to stop. */
function hopTo(...ports: readonly (number | string)[]) {
  let repeats = 0;
  const places = spread({
    addresses: ports.map((port) => httpUrl(`127.0.0.1:${port}`)),
    open: (place) => grpcPublisher({ method, address: place }),
  });
  const onRepeat = () => {
    repeats += 1;
  };
  const hop = repeating(places, { onRepeat });
  const outcomes: string[] = [];
  let disposed = false;
  const publish = async (mayRepeat = false) => {
    const [result] = await hop.publish([someEvent()], { ...soon(), mayRepeat });
    outcomes.push(outcome(result));
    return outcome(result);
  };
  return {
    hop,
    outcomes,
    publish,
    repeats: () => repeats,
    load: ({ users = 8, mayRepeat = false } = {}) => {
      let running = true;
      const user = async () => {
        while (running && !disposed) await publish(mayRepeat);
      };
      const all = Promise.all(Array.from({ length: users }, user));
      return async () => {
        running = false;
        await all;
      };
    },
    [Symbol.asyncDispose]: () => {
      // A test that did not come to its end would go on without a pause.
      disposed = true;
      return hop[Symbol.asyncDispose]();
    },
  };
}

/** A port that nobody listens on. */
async function deadPort(): Promise<number> {
  await using gone = await grpcStation(0);
  return gone.port;
}

describe("several addresses", () => {
  test("each gets its share", async () => {
    await using one = await grpcStation(0);
    await using other = await grpcStation(0);
    await using at = hopTo(one.port, other.port);
    const stop = at.load();
    await until("400 events", () => at.outcomes.length >= 400);
    await stop();
    expect(new Set(at.outcomes)).toEqual(new Set(["stored"]));
    const share = one.publisher.stored.length / at.outcomes.length;
    expect(share).toBeWithin(0.4, 0.6);
    expect(one.publisher.stored.length + other.publisher.stored.length).toBe(at.outcomes.length);
  });

  test("events of one call go to all of them and are answered in their order", async () => {
    await using one = await grpcStation(0);
    await using other = await grpcStation(0);
    await using at = hopTo(one.port, other.port);
    const events = Array.from({ length: 20 }, someEvent);
    other.publisher.behaviour.fail = "invalid";
    const results = (await at.hop.publish(events, soon())).map(outcome);
    const stored = new Set(one.publisher.stored.map(({ id }) => id as string));
    expect(stored.size).toBe(10);
    expect(results).toEqual(events.map(({ id }) => (stored.has(id) ? "stored" : "invalid")));
  });

  test("one that leaves under load fails no event; one that comes back gets its share again", async () => {
    let leaving = await grpcStation(0);
    const { port } = leaving;
    await using staying = await grpcStation(0);
    await using at = hopTo(port, staying.port);
    const stop = at.load();
    await until("both to store", () => leaving.publisher.stored.length > 50);
    await leaving[Symbol.asyncDispose]();
    const { length } = staying.publisher.stored;
    await until("the other to go on", () => staying.publisher.stored.length > length + 50);
    leaving = await grpcStation(port);
    await until("its share again", () => leaving.publisher.stored.length > 50);
    await stop();
    await leaving[Symbol.asyncDispose]();
    expect(at.outcomes.filter((each) => each !== "stored")).toEqual([]);
  });

  test("one whose connections break under load fails no event of a first door: what it had begun goes to the other under the same id", async () => {
    await using one = await grpcStation(0);
    await using other = await grpcStation(0);
    const wire = await tcpServer((socket) => joined(socket, one.port));
    await using at = hopTo(wire.address.replace("127.0.0.1:", ""), other.port);
    const release = Promise.withResolvers<void>();
    one.publisher.behaviour.hold = release.promise;
    const stop = at.load({ mayRepeat: true });
    await until("some to be begun", () => one.publisher.inFlight >= 4);
    await wire[Symbol.asyncDispose]();
    const { length } = other.publisher.stored;
    await until("the other to go on", () => other.publisher.stored.length > length + 100);
    release.resolve();
    await stop();
    expect(at.outcomes.filter((each) => each !== "stored")).toEqual([]);
    expect(other.publisher.stored.length).toBe(at.outcomes.length);
    expect(at.repeats()).toBeWithin(4, 9);
  });

  test("one whose connections break under load is not asked again by a door that is not the first", async () => {
    await using one = await grpcStation(0);
    await using other = await grpcStation(0);
    const wire = await tcpServer((socket) => joined(socket, one.port));
    await using at = hopTo(wire.address.replace("127.0.0.1:", ""), other.port);
    const release = Promise.withResolvers<void>();
    one.publisher.behaviour.hold = release.promise;
    const stop = at.load();
    await until("some to be begun", () => one.publisher.inFlight >= 4);
    const { inFlight } = one.publisher;
    await wire[Symbol.asyncDispose]();
    await until("the other to go on", () => other.publisher.stored.length > 100);
    release.resolve();
    await stop();
    expect(at.outcomes.filter((each) => each !== "stored").length).toBe(inFlight);
    expect(at.repeats()).toBe(0);
  });

  test("one that nobody listens on is no fault while another is there", async () => {
    await using one = await grpcStation(0);
    await using at = hopTo(await deadPort(), one.port);
    expect(await at.hop.ready()).toBe(true);
    for (let count = 0; count < 50; count += 1) expect(await at.publish()).toBe("stored");
  });

  test("one that breaks every connection is tried ever more rarely", async () => {
    let tries = 0;
    await using broken = await tcpServer((socket) => {
      tries += 1;
      socket.destroy();
    });
    await using one = await grpcStation(0);
    await using at = hopTo(broken.address.replace("127.0.0.1:", ""), one.port);
    const stop = at.load({ mayRepeat: true });
    await until("events", () => at.outcomes.length >= 1_000);
    await stop();
    expect(new Set(at.outcomes)).toEqual(new Set(["stored"]));
    expect(tries).toBeWithin(1, 20);
  });

  test("where nobody answers events are unavailable, and it is not ready", async () => {
    await using at = hopTo(await deadPort(), await deadPort());
    for (let count = 0; count < 10; count += 1) expect(await at.publish()).toBe("unavailable");
    expect(await at.hop.ready()).toBe(false);
  });

  for (const code of ["unavailable", "deadline", "overloaded", "invalid", "conflict"] as const) {
    test(`what one answers holds, ${code} too: it is not asked of the other`, async () => {
      await using one = await grpcStation(0);
      await using other = await grpcStation(0);
      await using at = hopTo(one.port, other.port);
      for (const { publisher } of [one, other]) publisher.behaviour.fail = code;
      let asked = 0;
      for (const { publisher } of [one, other]) {
        const { publish } = publisher;
        Object.assign(publisher, {
          publish: (...all: Parameters<typeof publish>) => {
            asked += 1;
            return publish(...all);
          },
        });
      }
      for (let count = 0; count < 4; count += 1) expect(await at.publish()).toBe(code);
      expect(asked).toBe(4);
    });
  }

  test("one that is slow gets less", async () => {
    await using slow = await grpcStation(0);
    await using quick = await grpcStation(0);
    await using at = hopTo(slow.port, quick.port);
    const release = Promise.withResolvers<void>();
    slow.publisher.behaviour.hold = release.promise;
    const stop = at.load({ users: 4 });
    await until("the quick one to store", () => quick.publisher.stored.length > 100);
    expect(slow.publisher.inFlight).toBeLessThanOrEqual(2);
    release.resolve();
    await stop();
  });
});

test("no address at all is refused at once", () => {
  expect(() => hopTo()).toThrow("there is no address");
});

/** Both ends of a connection to `port` as one. */
function joined(socket: Socket, port: number): void {
  const onward = connect(port, "127.0.0.1");
  onward.on("error", () => socket.destroy());
  socket.on("close", () => onward.destroy());
  socket.pipe(onward).pipe(socket);
}
