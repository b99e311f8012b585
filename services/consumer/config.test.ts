import { expect, test } from "bun:test";
import { ConfigError, readConfig } from "../../lib/config.ts";
import { valkeyUrl } from "../../lib/variables.ts";
import { spec } from "./config.ts";

const STATION = "proyecto3/kafka-consumer";

test("proyecto3 consumers: REDIS_ADDR, REDIS_PASSWORD and REDIS_DB say where Valkey is", () => {
  const env = {
    STATION,
    REDIS_ADDR: "valkey-service:6379",
    REDIS_PASSWORD: "p@ss/1",
    REDIS_DB: "1",
  };
  const hosts = [{ host: "valkey-service", port: 6_379 }];
  expect(valkeyUrl(readConfig(spec, env))).toMatchObject({
    ...{ hosts, username: "", password: "p@ss/1", database: 1 },
  });
  expect(valkeyUrl(readConfig(spec, { STATION }))).toMatchObject({
    ...{ hosts, username: "", password: "", database: 0 },
  });
});

test("clima-app consumers: VALKEY_SERVICE_URL is host:port or redis://", () => {
  for (const raw of ["valkey:6379", "redis://valkey:6379"]) {
    const config = readConfig(spec, { STATION, VALKEY_SERVICE_URL: raw });
    expect(valkeyUrl(config).hosts).toEqual([{ host: "valkey", port: 6_379 }]);
  }
});

test("consumers of a Valkey with sentinels: what is set by itself goes before what their address holds", () => {
  const VALKEY_SERVICE_URL = "redis+sentinel://consumer:old@s1,s2,s3/valkey/1";
  const env = { STATION, VALKEY_SERVICE_URL, VALKEY_PASSWORD: "new", VALKEY_WAIT: "1" };
  const config = readConfig(spec, env);
  expect(config.VALKEY_WAIT).toBe(1);
  expect(valkeyUrl(config)).toMatchObject({
    ...{ primary: "valkey", username: "consumer", password: "new", database: 1 },
  });
});

test("singular and plural names are taken alike", () => {
  const brokers = ["a:9092", "b:9092"];
  for (const name of ["KAFKA_BROKER", "KAFKA_BROKERS"]) {
    expect(readConfig(spec, { STATION, [name]: brokers.join(",") }).KAFKA_BROKERS).toEqual(brokers);
  }
  for (const name of ["RABBIT_URL", "RABBITMQ_URL"]) {
    expect(readConfig(spec, { STATION, [name]: "amqp://rabbit" }).RABBIT_URL.hostname).toBe(
      "rabbit",
    );
  }
});

test("votaciones consumers: MONGO_URL says where the log is, the reference's own MongoDB where it is not set", () => {
  const votes = { STATION: "votaciones/consumer" };
  expect(readConfig(spec, votes).MONGO_URL).toBe("mongodb://mongo-svc:27017/so1p2");
  for (const name of ["MONGO_URL", "MONGODB_URL", "MONGO_URI", "MONGODB_URI"]) {
    const url = "mongodb://votes:p%40ss@mongo-svc:27017/so1p2?authSource=admin";
    expect(readConfig(spec, { ...votes, [name]: url }).MONGO_URL).toBe(url);
  }
  expect(() => readConfig(spec, { ...votes, MONGO_URL: "redis://u:s3cret@host" })).toThrow(
    /MONGO_URL must be a MongoDB address .*: current value is "\*\*\*@host"/,
  );
});

test("a station of another kind is refused with those that there are", () => {
  expect(() => readConfig(spec, { STATION: "proyecto3/api", REDIS_DB: "one" })).toThrow(
    ConfigError,
  );
  expect(() => readConfig(spec, { STATION: "proyecto3/api" })).toThrow(
    `votaciones/consumer: current value is "proyecto3/api"`,
  );
});
