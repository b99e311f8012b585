import { expect, test } from "bun:test";
import { type Document, MongoClient, MongoServerError } from "mongodb";
import { parts } from "../../../tools/parts/testing.ts";
import { rangeBatch } from "../testing/fold-events.ts";
import { loggedMany } from "../testing/log-under-test.ts";
import { freshDatabase } from "../testing/mongo-under-test.ts";
import { mongoWire } from "../testing/mongo-wire.ts";
import { mongoLog } from "./mongo-log.ts";

/** A MongoDB that explains, without a password, such as `mongodb://localhost:27017`; else the stand-in, which does not. */
const url = process.env.MONGO_URL_REAL ?? parts?.mongo;
const commandNotFound = 59;

// Where nothing explains (mongo-java-server knows no such command), an index that is there, whose fields and directions are
// those of the sort, under a query without a filter, is what a planner needs to read the newest without sorting.
test.skipIf(url === undefined)(
  "the newest are read from their index, as the server explains where it can",
  async () => {
    await using wire = await mongoWire(url ?? "");
    const name = freshDatabase();
    await using client = new MongoClient(url ?? "");
    const database = client.db(name);
    await using log = mongoLog({ url: `${wire.url}/${name}`, collection: "bands" });
    await log.apply(rangeBatch(0, loggedMany(100)));
    expect(await log.newest(20)).toHaveLength(20);
    const { find, filter, sort, limit } = wire.heard("find").find((each) => each.limit) ?? {};
    expect([find, filter, limit]).toEqual(["bands", {}, 20]);

    const indexes = await database.collection("bands").indexes();
    expect(indexes.map(({ key }) => Object.entries(key))).toContainEqual(Object.entries(sort));
    const explained = await explain(client, name, { find, filter, sort, limit });
    if (explained !== undefined) {
      const plan = JSON.stringify(explained.queryPlanner.winningPlan);
      expect(plan).toContain('"stage":"IXSCAN"');
      expect(plan).not.toMatch(/"stage":"(?:SORT|COLLSCAN)"/);
    }
    await database.dropDatabase();
  },
);

/** How a server would answer a command; undefined where it cannot tell. */
async function explain(
  client: MongoClient,
  name: string,
  command: Document,
): Promise<Document | undefined> {
  try {
    return await client.db(name).command({ explain: command });
  } catch (error) {
    if (error instanceof MongoServerError && error.code === commandNotFound) return undefined;
    throw error;
  }
}
