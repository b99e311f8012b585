import { Kafka, logLevel } from "kafkajs";

/** What stands in a topic now, as a client of Kafka's own reads it. */
export async function recordsOf(brokers: readonly string[], topic: string) {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const wanted = ends.reduce((sum, { offset }) => sum + Number(offset), 0);
  const consumer = kafka.consumer({ groupId: `test-${crypto.randomUUID()}` });
  const records: { key: string; value: string }[] = [];
  const read = Promise.withResolvers<void>();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message: { key, value } }) => {
      records.push({ key: `${key}`, value: `${value}` });
      if (records.length === wanted) read.resolve();
      return Promise.resolve();
    },
  });
  await read.promise;
  await consumer.disconnect();
  return records;
}
