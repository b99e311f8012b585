import { describeTopic } from "../../../lib/broker/kafka/describe-topic.ts";
import { fetchRecords } from "../../../lib/broker/kafka/fetch-records.ts";
import { kafkaClient } from "../../../lib/broker/kafka/kafka-connection.ts";
import { fromKafka } from "../../../lib/broker/kafka/to-kafka.ts";

/** Where the partitions of a topic end, by `<topic id>/<partition>`. */
export type TopicEnds = ReadonlyMap<string, number>;

/** The ids of some records, by partition, in their order. */
export type RecordIds = ReadonlyMap<string, readonly string[]>;

const stretchMax = 2_000;

/** Asks where the topic's partitions end; none where there is no such topic. */
export async function topicEnds(brokers: readonly string[], topic: string): Promise<TopicEnds> {
  const description = await describeTopic({ brokers }, topic);
  if (description === undefined) return new Map();
  const admin = kafkaClient({ brokers }).admin();
  try {
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets(topic);
    return new Map(
      offsets.map(({ partition, high }) => [`${description.id}/${partition}`, Number(high)]),
    );
  } finally {
    await admin.disconnect();
  }
}

/** The ids of what was appended to the topic since its ends were these; all of it where it was made anew since. */
export async function idsSince(
  brokers: readonly string[],
  topic: string,
  from: TopicEnds,
): Promise<RecordIds> {
  const ends = await topicEnds(brokers, topic);
  const description = await describeTopic({ brokers }, topic);
  const found = new Map<string, readonly string[]>();
  for (const [name, end] of ends) {
    const partition = Number(name.slice(name.lastIndexOf("/") + 1));
    const leader = description?.leaders.get(partition);
    if (leader === undefined) throw new Error(`Cannot read partition ${name}: it has no leader`);
    const ids: string[] = [];
    for (let at = from.get(name) ?? 0; at < end; ) {
      const stretch = { leader, topic, partition, from: at, to: Math.min(end, at + stretchMax) };
      const { messages, next } = await fetchRecords({ brokers }, stretch);
      ids.push(...messages.map((each) => fromKafka(each).id ?? ""));
      // What comes beyond the stretch is not handed over, but it is counted as read.
      at = Math.max(Math.min(next, stretch.to), at + 1);
    }
    found.set(name, ids);
  }
  return found;
}
