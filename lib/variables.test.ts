import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, readConfig } from "./config.ts";
import { kafkaAccess, kafkaBrokers, kafkaConnection } from "./variables.ts";

const spec = { KAFKA_BROKERS: kafkaBrokers, ...kafkaAccess };
const connectionOf = (env: Readonly<Record<string, string>>) =>
  kafkaConnection(readConfig(spec, { KAFKA_BROKERS: "kafka:9092", ...env }));
const login = { KAFKA_USERNAME: "relay", KAFKA_PASSWORD: "s3cret" };

describe("how a service gets into Kafka", () => {
  const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-variables-"));
  afterAll(() => rmSync(dir, { recursive: true }));

  test("is by no name and in clear text where nothing is set", () => {
    expect(connectionOf({})).toEqual({ brokers: ["kafka:9092"], sasl: undefined, tls: undefined });
  });

  test("is by user and password, which are proved as the mechanism says", () => {
    const { username, password } = { username: "relay", password: "s3cret" };
    expect(connectionOf(login).sasl).toEqual({ mechanism: "plain", username, password });
    const scram = { ...login, KAFKA_SASL_MECHANISM: "SCRAM-SHA-512" };
    expect(connectionOf(scram).sasl).toEqual({ mechanism: "scram-sha-512", username, password });
    expect(() => connectionOf({ KAFKA_SASL_MECHANISM: "gssapi" })).toThrow(
      'KAFKA_SASL_MECHANISM must be one of plain, scram-sha-256, scram-sha-512: current value is "gssapi"',
    );
  });

  test("is refused with one half of a login, and the password is not repeated", () => {
    for (const [name, value] of Object.entries(login)) {
      expect(() => connectionOf({ [name]: value })).toThrow(ConfigError);
      expect(() => connectionOf({ [name]: value })).toThrow(
        "KAFKA_USERNAME and KAFKA_PASSWORD must be set both or neither",
      );
      expect(() => connectionOf({ [name]: value })).not.toThrow("s3cret");
    }
  });

  test("is over TLS, with an authority of its own or those that everybody knows", () => {
    const KAFKA_CA_FILE = join(dir, "ca.pem");
    expect(connectionOf({ KAFKA_TLS: "1" }).tls).toEqual({ ca: undefined });
    expect(() => connectionOf({ KAFKA_TLS: "1", KAFKA_CA_FILE })).toThrow(
      `KAFKA_CA_FILE must be a file that exists: current value is "${KAFKA_CA_FILE}"`,
    );
    writeFileSync(KAFKA_CA_FILE, "an authority\n");
    expect(connectionOf({ KAFKA_TLS: "1", KAFKA_CA_FILE }).tls).toEqual({ ca: "an authority" });
    expect(() => connectionOf({ KAFKA_CA_FILE })).toThrow(
      "KAFKA_CA_FILE is of no use without KAFKA_TLS",
    );
  });
});
