/** A listener on which clients must sign in. */
export interface SignIn {
  /** Passwords by user; they may be proved in each way that Kafka knows. */
  readonly users: Readonly<Record<string, string>>;
  /** A file with key and certificate in PEM, for a listener over TLS. @default in clear text */
  readonly keyFile?: string;
}

/** One node of a cluster whose nodes are broker and controller at once. */
export interface KafkaNodePlan {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
  /** The port of the listener on which clients sign in, where there is one. */
  readonly signInPort?: number | undefined;
  readonly dir: string;
}

/** Log configuration: warnings and worse to the standard output. */
export const log4jYaml = `Configuration:
  status: ERROR
  Appenders: { Console: { name: out, PatternLayout: { pattern: "%d{ISO8601} %p %c{1}: %m%n" } } }
  Loggers: { Root: { level: WARN, AppenderRef: { ref: out } } }
`;

/** The listener beside the usual ones. */
function signInProperties(
  port: number,
  { users, keyFile }: SignIn,
): Readonly<Record<string, string>> {
  const login = Object.entries(users).map(([user, password]) => `user_${user}="${password}"`);
  const modules = "org.apache.kafka.common.security";
  const scram = `${modules}.scram.ScramLoginModule required;`;
  return {
    listeners: `,SIGNIN://127.0.0.1:${port}`,
    "advertised.listeners": `,SIGNIN://127.0.0.1:${port}`,
    "listener.security.protocol.map": `,SIGNIN:${keyFile ? "SASL_SSL" : "SASL_PLAINTEXT"}`,
    "listener.name.signin.sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
    "listener.name.signin.plain.sasl.jaas.config": `${modules}.plain.PlainLoginModule required ${login.join(" ")};`,
    "listener.name.signin.scram-sha-256.sasl.jaas.config": scram,
    "listener.name.signin.scram-sha-512.sasl.jaas.config": scram,
    ...(keyFile && {
      "listener.name.signin.ssl.keystore.type": "PEM",
      "listener.name.signin.ssl.keystore.location": keyFile,
    }),
  };
}

/** What `StorageTool format` is told of users, who are part of the cluster's own data. */
export function scramUsers({ users }: SignIn): string[] {
  return Object.entries(users).flatMap(([user, password]) =>
    ["SCRAM-SHA-256", "SCRAM-SHA-512"].flatMap((way) => [
      "--add-scram",
      `${way}=[name=${user},password=${password}]`,
    ]),
  );
}

/** The `server.properties` of one node; what a small machine and a quick restart need is not Kafka's default. */
export function serverProperties(
  node: KafkaNodePlan,
  nodes: readonly KafkaNodePlan[],
  settings: Readonly<Record<string, string | number>>,
  signIn?: SignIn,
): string {
  const replicas = Math.min(nodes.length, 3);
  const inSync = nodes.length >= 3 ? 2 : 1;
  const internalTopics = [
    ["offsets.topic", undefined],
    ["transaction.state.log", "min.isr"],
    ["share.coordinator.state.topic", "min.isr"],
  ].flatMap(([topic, minIsr]) => [
    [`${topic}.replication.factor`, replicas],
    [`${topic}.num.partitions`, 3],
    ...(minIsr ? [[`${topic}.${minIsr}`, inSync]] : []),
  ]);
  const properties: Record<string, string | number> = {
    "process.roles": "broker,controller",
    "node.id": node.id,
    listeners: `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${node.port}`,
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "controller.quorum.voters": nodes
      .map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`)
      .join(","),
    "log.dirs": `${node.dir}/data`,
    "num.partitions": 3,
    "default.replication.factor": replicas,
    "min.insync.replicas": inSync,
    "auto.create.topics.enable": "false",
    ...Object.fromEntries(internalTopics),
    "group.initial.rebalance.delay.ms": 0,
    // With the default of 9 s a killed broker is let back in only after that time.
    "broker.session.timeout.ms": 2_000,
    "broker.heartbeat.interval.ms": 500,
    "controller.quorum.election.timeout.ms": 500,
    "controller.quorum.fetch.timeout.ms": 1_000,
    "num.network.threads": 2,
    "num.io.threads": 2,
    "num.recovery.threads.per.data.dir": 1,
    "background.threads": 2,
    "log.cleaner.threads": 1,
    // The default of 128 MB does not fit the small heap.
    "log.cleaner.dedupe.buffer.size": 2_097_152,
    "log.segment.bytes": 67_108_864,
    ...settings,
  };
  if (signIn !== undefined && node.signInPort !== undefined) {
    for (const [name, value] of Object.entries(signInProperties(node.signInPort, signIn))) {
      properties[name] = `${properties[name] ?? ""}${value}`;
    }
  }
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}
