import { Registry } from "prom-client";
import { adminServer } from "../../lib/admin.ts";
import { kafkaEnds } from "../../lib/broker/kafka/kafka-ends.ts";
import { rabbitDepth } from "../../lib/broker/rabbit/rabbit-depth.ts";
import type { ConfigOf } from "../../lib/config.ts";
import { httpApp, listenHttp } from "../../lib/door/http-app.ts";
import type { Log } from "../../lib/log.ts";
import { valkeyStore } from "../../lib/store/valkey/valkey-store.ts";
import { kafkaConnection, valkeyUrl } from "../../lib/variables.ts";
import { type BoardSource, createBoard } from "./app.ts";
import type { spec } from "./config.ts";
import { relayCounts } from "./relay-counts.ts";

/** Runs a board over one pipeline's Valkey and brokers; any of them may be away. */
export function startBoard(config: ConfigOf<typeof spec>, log: Log): Promise<AsyncDisposable> {
  const { PIPELINE: pipeline } = config;
  const resources = new AsyncDisposableStack();
  const store = resources.use(valkeyStore({ url: valkeyUrl(config) }));
  const topic = config.KAFKA_TOPIC ?? pipeline.broker.topic;
  const queue = config.RABBIT_QUEUE ?? pipeline.broker.queue;
  const kafka = resources.use(kafkaEnds({ ...kafkaConnection(config), topic }));
  const sources = [
    {
      pipeline,
      store,
      lanes: {
        kafka: { kind: "offsets", ends: () => kafka.read() },
        rabbit: {
          kind: "queue",
          depth: () => rabbitDepth(config.RABBIT_URL.href, queue),
          published: () => relayCounts(config.RELAY_ADMIN_URLS, "rabbit"),
        },
      },
    },
  ] satisfies BoardSource[];
  const app = httpApp(log, [createBoard(sources)]);
  resources.use(listenHttp(app, { port: config.PORT }));
  resources.use(
    adminServer({
      port: config.ADMIN_PORT,
      registry: new Registry(),
      checks: {
        store: async () => {
          await store.cursors([]);
          return true;
        },
      },
    }),
  );
  return Promise.resolve(resources);
}
