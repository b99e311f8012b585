import { expect, test } from "bun:test";
import {
  absent,
  amqpUrl,
  brokers,
  ConfigError,
  flag,
  httpUrl,
  integer,
  mongoUrl,
  optional,
  port,
  readConfig,
  required,
  text,
} from "./config.ts";

const spec = {
  PORT: optional(port, 8080),
  STATION: required(text),
  KAFKA_BROKERS: optional(brokers, ["kafka:9092"], "KAFKA_BROKER"),
  NEXT_URL: absent(httpUrl, "GRPC_SERVER_URL", "WRITER_ADDR"),
  LIMIT: optional(integer(1, 10), 5),
};

test("readConfig() takes defaults for what is not set or empty", () => {
  expect(readConfig(spec, { STATION: "a", PORT: "" })).toEqual({
    PORT: 8080,
    STATION: "a",
    KAFKA_BROKERS: ["kafka:9092"],
    NEXT_URL: undefined,
    LIMIT: 5,
  });
});

test("readConfig() takes an alias, and the first of several", () => {
  const config = readConfig(spec, {
    STATION: "a",
    KAFKA_BROKER: "one:1,two:2",
    WRITER_ADDR: "late:1",
    GRPC_SERVER_URL: "http://first:2",
  });
  expect(config.KAFKA_BROKERS).toEqual(["one:1", "two:2"]);
  expect(config.NEXT_URL?.host).toBe("first:2");
});

test("readConfig() names every fault at once, with the variable as it was spelt and its value", () => {
  const read = () =>
    readConfig(spec, { PORT: "0", KAFKA_BROKER: "nowhere", NEXT_URL: "ftp://x", LIMIT: "11" });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(
    "Cannot read the configuration: " +
      'PORT must be a port: current value is "0"; ' +
      "STATION is required; " +
      'KAFKA_BROKER must be host:port, or several separated by commas: current value is "nowhere"; ' +
      'NEXT_URL must be an http address such as http://host:8080: current value is "ftp://x"; ' +
      'LIMIT must be a whole number from 1 to 10: current value is "11"',
  );
});

test("readConfig() repeats no password", () => {
  const faults = (env: Readonly<Record<string, string>>) => {
    try {
      readConfig(
        { RABBIT_URL: optional(amqpUrl, new URL("amqp://x")), REDIS_PASSWORD: absent(port) },
        env,
      );
    } catch (error) {
      return String(error);
    }
    return "none";
  };
  for (const RABBIT_URL of [
    "amq://user:hunter2@rabbit:5672",
    "http://user:hunter2@rabbit",
    "user:hunter2@rabbit",
    "amqp:/user:hunter2@rabbit",
  ]) {
    expect(faults({ RABBIT_URL })).toContain("RABBIT_URL must be a RabbitMQ address");
    expect(faults({ RABBIT_URL })).not.toContain("hunter2");
  }
  expect(faults({ REDIS_PASSWORD: "hunter2" })).toContain(
    'REDIS_PASSWORD must be a port: current value is "***"',
  );
});

test("port() accepts the spellings that references use", () => {
  expect([":50052", "0.0.0.0:50052", "50052"].map(port)).toEqual([50052, 50052, 50052]);
});

test("httpUrl() accepts an address without scheme", () => {
  expect(httpUrl("client-go-service:50052").href).toBe("http://client-go-service:50052/");
});

test("mongoUrl() takes what MongoDB's own programs take, and an address without scheme", () => {
  expect(mongoUrl("mongo-svc:27017")).toBe("mongodb://mongo-svc:27017");
  for (const url of [
    "mongodb://mongo-svc:27017/so1p2",
    "mongodb://u:p%40ss@a:27017,b:27017/votes?replicaSet=rs0&authSource=admin",
    "mongodb+srv://u:p@cluster.example?appName=votes",
    "mongodb://[::1]:27017/",
  ]) {
    expect(mongoUrl(url)).toBe(url);
  }
  for (const raw of ["redis://host", "mongodb://", "mongodb://u:p@ss@host", "mongodb://host/a/b"]) {
    expect(() => mongoUrl(raw)).toThrow("must be a MongoDB address");
  }
});

test("a MongoDB address that cannot be used is told without its password", () => {
  const log = { MONGO_URL: optional(mongoUrl, "mongodb://mongo") };
  expect(() => readConfig(log, { MONGO_URL: "mongo://u:s3cret@host" })).toThrow(
    'MONGO_URL must be a MongoDB address such as mongodb://user:password@host:27017/so1p2?authSource=admin: current value is "***@host"',
  );
});

test("amqpUrl() refuses another protocol", () => {
  expect(() => amqpUrl("http://rabbit")).toThrow("must be a RabbitMQ address");
});

test("flag() takes the usual words", () => {
  expect(["1", "true", "YES", "on"].map(flag)).toEqual([true, true, true, true]);
  expect(["0", "False", "no", "OFF"].map(flag)).toEqual([false, false, false, false]);
  expect(() => flag("perhaps")).toThrow("must be 1 or 0");
});
