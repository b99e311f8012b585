/** The port of RabbitMQ's clients. */
export const amqp = { name: "amqp", targetPort: 5_672 };

/** The port of its page. */
export const management = { name: "http", targetPort: 15_672 };

/** Who is there. */
export const epmd = { name: "epmd", targetPort: 4_369 };

/** What nodes tell each other. */
export const peers = { name: "nodes", targetPort: 25_672 };

/** The ports between nodes: besides those two, where `rabbitmqctl` hears from all of them. */
export const nodePorts: readonly number[] = [
  epmd.targetPort,
  peers.targetPort,
  ...Array.from({ length: 11 }, (_, at) => 35_672 + at),
];
