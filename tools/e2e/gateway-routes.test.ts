import { expect, test } from "bun:test";
import { join } from "node:path";
import { forwardedMark } from "../../lib/door/idempotency.ts";
import { chartNames, grpcMethods, readChart } from "./chart-under-test.ts";

const dist = join(import.meta.dir, "..", "..", "dist", "gateway");

interface Route {
  readonly spec: {
    readonly rules: readonly {
      readonly filters: readonly {
        readonly requestHeaderModifier?: { readonly remove: readonly string[] };
      }[];
    }[];
  };
}

test.each(chartNames(dist))("no route of %s lets the mark of our own stations in", (name) => {
  const routes = readChart(dist, name).objects.filter(({ kind }) => kind.endsWith("Route"));
  expect(routes.length).toBeGreaterThan(0);
  for (const each of routes as unknown as readonly Route[]) {
    for (const { filters } of each.spec.rules) {
      const removed = filters.flatMap((filter) => filter.requestHeaderModifier?.remove ?? []);
      expect(removed).toEqual([forwardedMark]);
    }
  }
});

test("clima-app has a route for the one gRPC method that its clients know", () => {
  expect(grpcMethods(readChart(dist, "clima-app"))).toEqual([
    {
      service: "weathertweet.WeatherTweetService",
      method: "SendTweet",
      host: "grpc.localhost",
    },
  ]);
});
