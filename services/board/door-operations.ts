import { retryAfterMs } from "../../lib/door/problem.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { routeTable } from "../../lib/pipeline/route-table.ts";
import type { EventRoute, Reply, TextRoute } from "../../lib/pipeline/station.ts";
import { eventSchema } from "./event-schema.ts";
import type { JsonSchema } from "./json-schema.ts";
import {
  type Answer,
  type DescribedRoute,
  later,
  type Parameter,
  plain,
  refusal,
} from "./open-api.ts";

/** The key under which an event may be sent again. */
const keyParameter: Parameter = {
  name: "Idempotency-Key",
  in: "header",
  description:
    "Sent again under the same key, an event has one effect. A UUIDv7 of the last hour is the event's id itself; any other key gets the id that it had the first time.",
  required: false,
  schema: { type: "string", minLength: 1, maxLength: 255, pattern: "^[!-~]+$" },
};

const keyHeader = {
  "Idempotency-Key": { description: "The event's id.", schema: { type: "string", format: "uuid" } },
};

/**
 * The routes of all stations of these pipelines as they are where they share one port, described by the stations and by
 * the rules of the messages. A relay has the routes of its station alone, without the pipeline's name too; it describes none.
 */
export function doorOperations(pipelines: readonly AnyPipeline[]): readonly DescribedRoute[] {
  const events = new Map(pipelines.map((each) => [each, eventSchema(each.message)]));
  return [...routeTable(pipelines)].flatMap(([path, { pipeline, station }]) => {
    const routes = station.http?.routes ?? [];
    const own = routes.filter(
      (route) => path.endsWith(route.path) && isAt(path, route.path, pipeline),
    );
    return own.flatMap((route): DescribedRoute[] => {
      if (route.kind === "event") {
        const schema = events.get(pipeline) ?? {};
        return [{ path, method: "POST", operation: eventOperation(pipeline, route, schema) }];
      }
      // What stands at the root is the page's for whoever asks for HTML.
      return path === "/" ? [] : [{ path, method: "GET", operation: textOperation(route) }];
    });
  });
}

function isAt(path: string, own: string, { name }: AnyPipeline): boolean {
  return path === own || path === `/${name}${own}`;
}

function textOperation({ text }: TextRoute) {
  return { summary: "A sign of life", responses: { 200: plain(`\`${text}\`.`) } };
}

function eventOperation({ name }: AnyPipeline, { reply, words }: EventRoute, schema: JsonSchema) {
  const downstream = words?.downstream?.status ?? 503;
  const seconds = retryAfterMs / 1_000;
  return {
    summary: `Takes an event of ${name}`,
    parameters: [keyParameter],
    requestBody: { required: true, content: { "application/json": { schema } } } as const,
    responses: {
      [reply.status]: answerOf(reply),
      400: withId(refusal("The body is no JSON, or the key is malformed.")),
      401: withId(refusal("Where keys of clients are asked for: none that is good came.")),
      408: withId(refusal("The body came too slowly.")),
      413: withId(refusal("The body is larger than 64 KiB.")),
      415: withId(refusal("The body is not told to be JSON in UTF-8.")),
      422: withId(
        refusal("Fields are wrong, each of them named; or the key cannot be used again."),
      ),
      429: withId(later(`There is no room now: again in ${seconds} s.`)),
      [downstream]: withId(
        later("Not confirmed: the event may be stored; its key may be used again."),
      ),
      503: withId(later("Not confirmed, or keys cannot be looked up now.")),
    },
  };
}

function answerOf({ json, text }: Reply): Answer {
  const description = "Every broker that the policy requires has stored the event.";
  const body = json === undefined ? plain(description) : jsonReply(description, json);
  return withId({
    ...body,
    ...(text === undefined ? {} : { description: `${description} \`${text}\`` }),
  });
}

function jsonReply(description: string, json: Readonly<Record<string, string>>): Answer {
  const fixed = Object.entries(json).map(([name, value]) => [name, { const: value }] as const);
  const schema = {
    type: "object",
    properties: Object.fromEntries(fixed),
    required: Object.keys(json),
  };
  return { description, content: { "application/json": { schema } } };
}

function withId(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, ...keyHeader } };
}
