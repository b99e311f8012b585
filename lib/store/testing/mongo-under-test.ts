import { MongoClient } from "mongodb";
import { mongoLog } from "../mongo/mongo-log.ts";
import type { LogDriverUnderTest } from "./log-under-test.ts";

/** The driver on a MongoDB that others use too: each test has a database of its own. */
export function mongoUnderTest(url: string): LogDriverUnderTest {
  return {
    name: "MongoDB log",
    fresh() {
      const database = freshDatabase();
      return {
        connect: () => mongoLog({ url: `${url}/${database}`, collection: "bands" }),
        [Symbol.asyncDispose]: () => dropDatabase(url, database),
      };
    },
  };
}

/** The name of a database that nobody else uses. */
export function freshDatabase(): string {
  return `test-${crypto.randomUUID()}`;
}

async function dropDatabase(url: string, database: string): Promise<void> {
  const client = new MongoClient(url);
  try {
    await client.db(database).dropDatabase();
  } finally {
    await client.close();
  }
}
