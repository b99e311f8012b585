import { expect, test } from "bun:test";
import { climaApp } from "../../pipelines/clima-app.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import { doorOperations } from "./door-operations.ts";
import { eventSchema } from "./event-schema.ts";
import { openApi } from "./open-api.ts";

test("every route of the stations is described, under its pipeline's name as well", () => {
  const doors = doorOperations([climaApp, votaciones]);
  expect(doors.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
    "GET /clima-app/",
    "GET /clima-app/health",
    "GET /grpc",
    "GET /health",
    "GET /votaciones/grpc",
    "POST /clima",
    "POST /clima-app/clima",
    "POST /clima-app/tweet",
    "POST /data",
    "POST /grpc/insert",
    "POST /rust/send_data",
    "POST /tweet",
    "POST /votaciones/data",
    "POST /votaciones/grpc/insert",
    "POST /votaciones/rust/send_data",
  ]);
  const { paths } = openApi(doors, []);
  const ids = Object.values(paths).flatMap((item) =>
    Object.values(item).map((operation) => (operation as { operationId: string }).operationId),
  );
  expect(new Set(ids).size).toBe(doors.length);
});

test("bodies are described by the rules of the messages", () => {
  expect(eventSchema(climaApp.message)).toMatchObject({
    ...{ type: "object", additionalProperties: false },
    required: ["municipality", "temperature", "humidity", "weather"],
    properties: {
      temperature: { type: "integer", minimum: -50, maximum: 60 },
      humidity: { type: "integer", minimum: 0, maximum: 100 },
      weather: {
        anyOf: [
          { type: "string", enum: ["sunny", "cloudy", "rainy", "foggy"] },
          { type: "integer", enum: [1, 2, 3, 4] },
        ],
      },
    },
  });
  expect(eventSchema(votaciones.message)).toMatchObject({
    properties: {
      name: { anyOf: [{ type: "string", minLength: 1, maxLength: 256 }, { type: "number" }] },
    },
  });
});

test("the statuses are those of the station, a reference's own among them", () => {
  const found = doorOperations([climaApp]).find(({ path }) => path === "/tweet");
  const statuses = Object.keys(found?.operation.responses ?? {});
  expect(statuses).toEqual(["202", "400", "401", "408", "413", "415", "422", "429", "502", "503"]);
});
