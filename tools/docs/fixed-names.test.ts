import { describe, expect, test } from "bun:test";
import type { DescFile } from "@bufbuild/protobuf";
import { file_confproto_confproto } from "../../gen/confproto/confproto_pb.ts";
import { file_weathertweet_weathertweet } from "../../gen/weathertweet/weathertweet_pb.ts";
import { file_wethertweet_wethertweet } from "../../gen/wethertweet/wethertweet_pb.ts";
import { readConfig } from "../../lib/config.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { proyecto3 } from "../../pipelines/proyecto3.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import { spec as relaySpec } from "../../services/relay/config.ts";

/** What clients have compiled in: every name with its number. */
function outline({ proto, messages, enums, services }: DescFile) {
  return {
    package: proto.package,
    messages: Object.fromEntries(
      messages.map(({ name, fields }) => [
        name,
        fields.map((field) => `${field.number} ${field.name}`),
      ]),
    ),
    enums: Object.fromEntries(
      enums.map(({ name, values }) => [name, values.map((each) => `${each.number} ${each.name}`)]),
    ),
    rpcs: services.flatMap(({ name, methods }) => methods.map((each) => `${name}/${each.name}`)),
  };
}

const weather = {
  messages: {
    WeatherTweetRequest: ["1 municipality", "2 temperature", "3 humidity", "4 weather"],
    WeatherTweetResponse: ["1 status"],
  },
  enums: {
    Municipalities: [
      "0 municipalities_unknown",
      "1 mixco",
      "2 guatemala",
      "3 amatitlan",
      "4 chinautla",
    ],
    Weathers: ["0 weathers_unknown", "1 sunny", "2 cloudy", "3 rainy", "4 foggy"],
  },
  rpcs: ["WeatherTweetService/SendTweet"],
};

describe("gRPC contracts", () => {
  test("proyecto3 gRPC contract: package wethertweet, every name and number", () => {
    const expected = { package: "wethertweet", ...weather };
    expect(outline(file_wethertweet_wethertweet)).toEqual(expected);
  });

  test("clima-app gRPC contract: package weathertweet, every name and number", () => {
    const expected = { package: "weathertweet", ...weather };
    expect(outline(file_weathertweet_weathertweet)).toEqual(expected);
  });

  test("votaciones gRPC contract: package confproto, every name and number", () => {
    expect(outline(file_confproto_confproto)).toEqual({
      package: "confproto",
      messages: { requestId: ["1 name", "2 album", "3 year", "4 rank"], replyInfo: ["1 info"] },
      enums: {},
      rpcs: ["getInfo/returnInfo"],
    });
  });
});

const addresses = (next: readonly { readonly via: string; readonly address?: string }[]) =>
  next.map(({ address }) => address);

test("proyecto3 stations: ports, addresses, topic, queue and group of the reference", () => {
  const { api, dispatcher, ...rest } = proyecto3.stations;
  expect([api.http.port, addresses(api.next)]).toEqual([
    8_000,
    ["http://go-api-service:8080/tweet"],
  ]);
  expect([dispatcher.http.port, addresses(dispatcher.next)]).toEqual([
    8_080,
    ["http://kafka-writer-service:50051", "http://rabbit-writer-service:50052"],
  ]);
  expect(dispatcher.deadlineMs).toBe(5_000);
  expect(rest["kafka-writer"].grpc.port).toBe(50_051);
  expect(rest["rabbit-writer"].grpc.port).toBe(50_052);
  expect(proyecto3.broker).toMatchObject({ topic: "weather-tweets", queue: "weather-tweets" });
  expect(rest["kafka-consumer"].group).toBe("weather-consumer-group");
});

test("proyecto3 variables: GO_API_URL, KAFKA_WRITER_ADDR, RABBIT_WRITER_ADDR, KAFKA_BROKERS, RABBIT_URL", () => {
  const api = readConfig(relaySpec, {
    STATION: "proyecto3/api",
    GO_API_URL: "http://go-api-service:8080/tweet",
  });
  expect(api.NEXT_URL?.map(String)).toEqual(["http://go-api-service:8080/tweet"]);
  const dispatcher = readConfig(relaySpec, {
    STATION: "proyecto3/dispatcher",
    KAFKA_WRITER_ADDR: "kafka-writer-service:50051",
    RABBIT_WRITER_ADDR: "rabbit-writer-service:50052",
  });
  expect(dispatcher.KAFKA_WRITER_ADDR?.map(String)).toEqual(["http://kafka-writer-service:50051/"]);
  expect(dispatcher.RABBIT_WRITER_ADDR?.map(String)).toEqual([
    "http://rabbit-writer-service:50052/",
  ]);
  const writer = readConfig(relaySpec, {
    STATION: "proyecto3/kafka-writer",
    KAFKA_BROKERS: "kafka-service:9092",
    KAFKA_TOPIC: "weather-tweets",
    RABBIT_URL: "amqp://rabbitmq-service:5672",
    RABBIT_QUEUE: "weather-tweets",
  });
  expect(writer).toMatchObject({
    KAFKA_BROKERS: ["kafka-service:9092"],
    KAFKA_TOPIC: "weather-tweets",
  });
});

test("clima-app stations: ports, addresses, topic, queue and group of the reference", () => {
  const { api, proxy, writer, ...rest } = climaApp.stations;
  expect([api.http.port, addresses(api.next)]).toEqual([8_080, ["http://client-go-service:50052"]]);
  expect([proxy.http.port, proxy.grpc.port, addresses(proxy.next), proxy.deadlineMs]).toEqual([
    8_081,
    50_052,
    ["http://localhost:50051"],
    3_000,
  ]);
  expect(writer.grpc.port).toBe(50_051);
  expect(climaApp.broker).toMatchObject({ topic: "clima", queue: "clima" });
  expect(rest["kafka-consumer"].group).toBe("clima-consumer-group");
});

test("clima-app variables: GRPC_SERVER_URL without a scheme, CLIENT_GRPC_LISTEN with a colon, WRITER_TARGET in any case", () => {
  const config = readConfig(relaySpec, {
    STATION: "clima-app/proxy",
    GRPC_SERVER_URL: "server-go-service:50051",
    CLIENT_GRPC_LISTEN: ":50052",
    WRITER_TARGET: "Kafka",
  });
  expect(config.NEXT_URL?.map(String)).toEqual(["http://server-go-service:50051/"]);
  expect([config.GRPC_PORT, config.WRITER_TARGET]).toEqual([50_052, { policy: "kafka" }]);
  const fallback = {
    STATION: "clima-app/proxy",
    WRITER_ADDR: "localhost:50051",
    WRITER_TARGET: "?",
  };
  const { NEXT_URL, WRITER_TARGET } = readConfig(relaySpec, fallback);
  expect(NEXT_URL?.map(String)).toEqual(["http://localhost:50051/"]);
  expect(WRITER_TARGET).toEqual({ policy: "both", unknown: "?" });
});

test("votaciones stations: ports, addresses, topic and group of the reference", () => {
  const {
    "rest-api": rest,
    "rest-writer": data,
    "grpc-api": grpc,
    ...others
  } = votaciones.stations;
  expect([rest.http.port, addresses(rest.next)]).toEqual([8_000, ["http://localhost:8080/data"]]);
  expect(data.http.port).toBe(8_080);
  expect([grpc.http.port, addresses(grpc.next)]).toEqual([3_000, ["http://localhost:3001"]]);
  expect(others["grpc-writer"].grpc.port).toBe(3_001);
  expect(votaciones.broker.topic).toBe("topic-sopes1");
  expect(others.consumer.group).toBe("consumer-group");
});
