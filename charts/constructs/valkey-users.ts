/** What one user may do, in Valkey's own words, beside the password. */
export type ValkeyRules = string;

/** What every connection of our client does before its first command. */
const connect = "+info +select +client|setinfo +client|setname";

/**
 * The users of a Valkey, each with the least that its part needs. A script's own calls are judged by the same rules; its
 * keys are not known beforehand, so a consumer may touch every key. Logical databases are not told apart by any rule.
 */
export const valkeyUsers: Readonly<Record<string, ValkeyRules>> = {
  /** Claims clients' keys, and sees nothing else. */
  relay: `resetchannels ~tp:key:* -@all ${connect} +ping +set +wait`,
  /** Folds: the scripts, and what they call. */
  consumer: `resetchannels ~* -@all ${connect} +ping +wait +eval +evalsha +type +get +mget +set +incrby +hget +hmget +hset +hdel +hincrby +hlen +xinfo|stream +xadd +rpush +ltrim +pexpireat +persist +del +unlink +zadd +zcard +zrange +zrem`,
  /** Reads. */
  board: `resetchannels %R~* -@all ${connect} +ping +multi +exec +get +hgetall +hmget +hexists +lrange +xrevrange`,
  /** Follows the primary. */
  replica: "resetchannels -@all +psync +replconf +ping",
  /** Asks whether a server answers and whom it follows. */
  probe: "resetchannels -@all +ping +info",
};

/**
 * Who watches the servers where there are sentinels: hears who answers, and says who follows whom, which Valkey's releases
 * spell differently.
 */
export const sentinelUser = {
  sentinel:
    "resetchannels &__sentinel__:hello -@all +ping +info +subscribe +publish +multi +exec +replicaof +slaveof +config|rewrite +client|setname +client|kill +script|kill",
} as const satisfies Readonly<Record<string, ValkeyRules>>;

/** What those who sign in to the servers may ask the sentinels, and what these say to each other. */
export function sentinelUsers(users: readonly string[]): Readonly<Record<string, ValkeyRules>> {
  const find = "-@all +sentinel|get-master-addr-by-name +client|setinfo +client|setname";
  return {
    ...Object.fromEntries(
      users.map((user) => [user, `resetchannels &+switch-master ${find} +subscribe`]),
    ),
    sentinel:
      "resetchannels &__sentinel__:hello -@all +ping +publish +client|setname +sentinel|is-master-down-by-addr +sentinel|is-primary-down-by-addr",
    probe: `resetchannels ${find} +ping +info +sentinel|ckquorum +sentinel|master +sentinel|replicas`,
  };
}

/**
 * Nobody can sign in as it, and what has no name is asked for one. Its rights are for the server itself, which reads its
 * append-only file as this user: without them Valkey 8.1 refuses every transaction of the file, one line of log each, and
 * goes on as if empty.
 */
const nobody = "default off resetpass ~* &* +@all";

/** The file of users; `value` stands for the password of a user. Nobody gets in without a name. */
export function usersFile(
  users: Readonly<Record<string, ValkeyRules>>,
  value: (user: string) => string,
): string {
  const lines = Object.entries(users).map(
    ([user, rules]) => `user ${user} on >${value(user)} ${rules}\n`,
  );
  return `user ${nobody}\n${lines.join("")}`;
}
