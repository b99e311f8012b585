/** A number of the list of faults, or a part of one, that no fault of ours produces. */
export interface NotProduced {
  readonly number: number;
  readonly what: string;
  readonly why: string;
}

/** What is left out, and why. */
export const notProduced: readonly NotProduced[] = [
  {
    number: 2,
    what: "100,000 malformed bodies",
    why: "nothing of ours is away meanwhile: `bun run fuzz` sends as many to each door, and holds stores against replies",
  },
  {
    number: 8,
    what: "ten times an admission limit",
    why: "nothing dies of it: `bun run bench:overload` offers that, and measures it",
  },
  {
    number: 13,
    what: "sequence errors, producer ids that a broker has forgotten",
    why: "our producer sends neither (it is not idempotent, repeats are suppressed by ids at the store): a silent broker, after which it is made anew, is produced",
  },
  {
    number: 18,
    what: "rolling restart of the brokers",
    why: "on one machine there is one RabbitMQ; everything of ours is restarted here, brokers by `bun run e2e` on a cluster",
  },
  {
    number: 28,
    what: "Kafka's own removal by time",
    why: "it looks every five minutes; what it does then (the log's start moves) is asked of it by DeleteRecords",
  },
];
