/** How a password is proved to a broker: by itself, or without saying it. */
export const saslMechanisms = ["plain", "scram-sha-256", "scram-sha-512"] as const;

/** One of them. */
export type SaslMechanism = (typeof saslMechanisms)[number];
