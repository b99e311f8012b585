import { deadLettersOf } from "../../../lib/broker/dead-letter-lane.ts";
import { embeddedBroker } from "../../../lib/broker/embedded/embedded-broker.ts";
import { message, publishAll } from "../../../lib/broker/testing/messages.ts";
import { foldHandler } from "../../../lib/delivery/fold-handler.ts";
import { httpApp, listenHttp } from "../../../lib/door/http-app.ts";
import { silentLog } from "../../../lib/log.ts";
import { stationsThat } from "../../../lib/pipeline/find-station.ts";
import type { AnyPipeline } from "../../../lib/pipeline/pipeline.ts";
import { embeddedLog } from "../../../lib/store/embedded/embedded-log.ts";
import { embeddedStore } from "../../../lib/store/embedded/embedded-store.ts";
import { freePort } from "../../../tools/parts/ports.ts";
import { type BoardOptions, createBoard } from "../app.ts";
import type { BoardSource } from "../board-source.ts";

/** A part that can be away: its calls are counted, and rejected while `away` is set. */
interface Leave {
  away: boolean;
  calls: number;
}

function leaving(): Leave & { through<T>(work: () => Promise<T>): Promise<T> } {
  const leave = {
    away: false,
    calls: 0,
    through<T>(work: () => Promise<T>): Promise<T> {
      leave.calls += 1;
      return leave.away ? Promise.reject(new Error("Cannot be reached")) : work();
    },
  };
  return leave;
}

/** A pipeline on embedded drivers, folded as it is published, and a board over it that listens. */
export async function smallBoard(pipeline: AnyPipeline, options: BoardOptions = {}) {
  const resources = new AsyncDisposableStack();
  const broker = resources.use(embeddedBroker({ file: ":memory:" }));
  const store = resources.use(embeddedStore({ file: ":memory:" }));
  const log = pipeline.log && resources.use(embeddedLog({ file: ":memory:" }));
  const lanes = stationsThat([pipeline], "consumer").map(({ station }) => station.lane);
  for (const lane of lanes) {
    const deadLetters = resources.use(broker.publisher(deadLettersOf(lane)));
    const handler = foldHandler(log ? [store, log] : [store], {
      ...{ pipeline, lane, deadLetters, log: silentLog },
    });
    resources.use(await broker.subscriber(lane).subscribe(handler));
  }
  const parts = { store: leaving(), log: leaving(), broker: leaving() };
  const source: BoardSource = {
    pipeline,
    store: { ...store, read: (query) => parts.store.through(() => store.read(query)) },
    ...(log && { log: { newest: (limit) => parts.log.through(() => log.newest(limit)) } }),
    lanes: Object.fromEntries(
      lanes.map((lane) => [
        lane,
        { kind: "offsets", ends: () => parts.broker.through(() => broker.ends(lane)) },
      ]),
    ),
    deadLetters: Object.fromEntries(
      lanes.map((lane) => {
        const reader = broker.deadLetters(deadLettersOf(lane));
        return [
          lane,
          {
            tally: () => parts.broker.through(reader.tally),
            async *read(query) {
              yield* await parts.broker.through(async () => reader.read(query));
            },
          },
        ];
      }),
    ),
  };
  const server = resources.use(
    listenHttp(httpApp(silentLog, [createBoard([source], options)]), {
      port: await freePort(),
      hostname: "127.0.0.1",
    }),
  );
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    port: server.port,
    parts,
    ask: (path: string, init?: RequestInit) => fetch(url + path, { redirect: "manual", ...init }),
    /** Publishes a JSON body, or one that is none. */
    async publish(lane: string, body: object | string) {
      await using publisher = broker.publisher(lane);
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const sent = message({ body: Buffer.from(text) });
      await publishAll(publisher, [sent]);
      return sent.id;
    },
    [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose](),
  };
}

/** A vote as it stands on the brokers. */
export const vote = { name: "Soda Stereo", album: "Dynamo", year: "1992", rank: "1" };

/** A tweet of `clima-app` as it stands on the brokers. */
export const tweet = { municipio: "Mixco", temperatura: 20, humedad: 50, clima: "Soleado" };
