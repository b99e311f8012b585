/** How each lane that was asked answered: `stored`, or the code of its failure. Clients see it, so it names no hosts. */
export type LaneOutcomes = Readonly<Record<string, string>>;
