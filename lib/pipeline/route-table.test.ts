import { expect, test } from "bun:test";
import { pipelines } from "../../pipelines/all.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import { eventPathsOf, routeTable } from "./route-table.ts";

test("routeTable() gives a path that several have to the first pipeline, and all of them under their names", () => {
  const table = routeTable(pipelines);
  const at = (path: string) => table.get(path)?.name;
  expect(at("/tweet")).toBe("clima-app/proxy");
  expect(at("/proyecto3/tweet")).toBe("proyecto3/api");
  expect(at("/clima")).toBe("clima-app/api");
  expect(at("/clima-app/clima")).toBe("clima-app/api");
  expect(at("/rust/send_data")).toBe("votaciones/rest-api");
  expect(at("/data")).toBe("votaciones/rest-writer");
  expect(at("/grpc/insert")).toBe("votaciones/grpc-api");
  expect(at("/grpc")).toBe("votaciones/grpc-api");
  expect(at("/elsewhere")).toBeUndefined();
});

test("eventPathsOf() lists where a pipeline's events go in", () => {
  expect(eventPathsOf(votaciones)).toEqual([
    "/votaciones/rust/send_data",
    "/votaciones/data",
    "/votaciones/grpc/insert",
  ]);
});
