import { type Db, type IndexSpecification, MongoServerError } from "mongodb";

/** The order that `newest` reads in, and the index that has it. */
export const newestFirst = { date: -1, _id: -1 } as const;

const byDate: IndexSpecification = { date: 1 };

/** Server errors (`error_codes.yml` of MongoDB): an index of these fields is there, with other options. */
const otherOptions: readonly unknown[] = [85, 86];

/** Makes the indexes of a log where they are not there; `retentionMs` also changes what an earlier start asked for. */
export async function makeIndexes(
  database: Db,
  collection: string,
  retentionMs: number | undefined,
): Promise<void> {
  const entries = database.collection(collection);
  await entries.createIndex(newestFirst);
  if (retentionMs === undefined) return;
  const expireAfterSeconds = Math.ceil(retentionMs / 1_000);
  try {
    await entries.createIndex(byDate, { expireAfterSeconds });
  } catch (error) {
    if (!(error instanceof MongoServerError) || !otherOptions.includes(error.code)) throw error;
    const index = { keyPattern: byDate, expireAfterSeconds };
    await database.command({ collMod: collection, index });
  }
}
