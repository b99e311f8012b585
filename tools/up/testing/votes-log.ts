import { Kafka, logLevel } from "kafkajs";
import { type Document, MongoClient } from "mongodb";
import { votaciones } from "../../../pipelines/votaciones.ts";
import type { OwnSystem } from "./own-system.ts";

/** How often each field of something was counted. */
export type Counts = Readonly<Record<string, number>>;

/** What stands in the log's collection now, as a client of MongoDB's own reads it. */
export async function votesIn(system: OwnSystem): Promise<readonly Document[]> {
  const { mongo } = system.get().urls;
  if (mongo === undefined) throw new Error("Cannot read the log: no MongoDB runs");
  const client = new MongoClient(mongo, { serverSelectionTimeoutMS: 5_000 });
  try {
    return await client
      .db()
      .collection(votaciones.log?.collection ?? "")
      .find()
      .toArray();
  } finally {
    await client.close();
  }
}

/** The votes that are stored three times over: as documents, and as Redis counts them in two hashes. */
export async function votesPerBand(system: OwnSystem) {
  const documents = await votesIn(system);
  using valkey = system.valkey(votaciones);
  const [total, bands, perBand] = await Promise.all([
    valkey.client.get("total"),
    valkey.client.hgetall("bands"),
    valkey.client.hgetall("votos_banda"),
  ]);
  return {
    documents: documents.length,
    ids: new Set(documents.map(({ _id }) => String(_id))).size,
    total: Number(total),
    inCollection: sum(documents.map(({ name }) => [String(name), 1])),
    inBands: sum(Object.entries(bands).map(([field, count]) => [bandOf(field), Number(count)])),
    inVotosBanda: sum(Object.entries(perBand).map(([band, count]) => [band, Number(count)])),
  };
}

/** How many messages of the topic the group has acknowledged to Kafka. */
export async function acknowledged(system: OwnSystem): Promise<number> {
  const brokers = [...system.get().urls.kafka];
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const { topic } = votaciones.broker;
  const groupId = votaciones.stations.consumer.group;
  const [offsets] = await admin.fetchOffsets({ groupId, topics: [topic] });
  await admin.disconnect();
  return (offsets?.partitions ?? []).reduce((all, { offset }) => all + Math.max(0, +offset), 0);
}

/** The band of `<album> (<year>) - (<name>) : No:<rank>`. */
function bandOf(field: string): string {
  return /\) - \((.*)\) : No:/s.exec(field)?.[1] ?? field;
}

function sum(counts: readonly (readonly [string, number])[]): Counts {
  const all = new Map<string, number>();
  for (const [name, count] of counts) all.set(name, (all.get(name) ?? 0) + count);
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}
