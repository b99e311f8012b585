import type { SecretKey } from "./service-env.ts";

/** The variables by which one of our services gets into Kafka. */
export interface KafkaEnv {
  /** Where to begin: `host:port`. */
  readonly KAFKA_BROKERS: string;
  /** Who it is. */
  readonly KAFKA_USERNAME: string;
  /** Its password. */
  readonly KAFKA_PASSWORD: SecretKey;
  /** How it proves to be that. */
  readonly KAFKA_SASL_MECHANISM: "plain" | "scram-sha-512";
}

/** The users that our services are, where a chart names none. */
export const serviceUsers = ["relay", "consumer", "board"] as const;

/** The user that the nodes of a cluster are to each other, on listeners of their own. */
const nodeUser = "broker";

/** The listeners' users and passwords in Kafka's own form; `value` stands for the password of a user. */
export function kafkaLogins(
  users: readonly string[],
  value: (user: string) => string,
): { readonly clients: string; readonly nodes: string } {
  const known = (user: string) => `user_${user}="${value(user)}"`;
  const login = "org.apache.kafka.common.security.plain.PlainLoginModule required";
  return {
    clients: `${login} ${users.map(known).join(" ")};`,
    nodes: `${login} username="${nodeUser}" password="${value(nodeUser)}" ${known(nodeUser)};`,
  };
}

/** Every user that needs a password. */
export const withNodeUser = (users: readonly string[]): readonly string[] => [...users, nodeUser];

/**
 * Refuses users that Kafka could not tell apart or whose name cannot stand in its configuration.
 *
 * @throws Error naming the first of them.
 */
export function refuseUsers(cluster: string, users: readonly string[]): void {
  if (users.length === 0) {
    throw new Error(`Cannot run ${cluster}: nobody could sign in: current value of users is []`);
  }
  for (const [at, user] of users.entries()) {
    if (!/^[a-z][a-z0-9]*$/.test(user) || user === nodeUser || users.indexOf(user) !== at) {
      throw new Error(
        `Cannot let a user into ${cluster}: names are small letters and digits, each once, and "${nodeUser}" is the nodes' own: current value is "${user}"`,
      );
    }
  }
}

/**
 * The variables of one user.
 *
 * @throws Error for a user that the cluster does not have.
 */
export function kafkaEnv(
  cluster: string,
  users: readonly string[],
  user: string,
  env: Omit<KafkaEnv, "KAFKA_USERNAME">,
): KafkaEnv {
  if (!users.includes(user)) {
    throw new Error(
      `Cannot lead ${user} into ${cluster}: it is none of its users: current value of users is ${users.join(", ")}`,
    );
  }
  return { ...env, KAFKA_USERNAME: user };
}
