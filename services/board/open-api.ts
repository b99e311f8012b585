import project from "../../package.json" with { type: "json" };
import type { ApiRoute } from "./api-route.ts";
import type { JsonSchema } from "./json-schema.ts";
import { schemas } from "./schemas.ts";

/** A parameter of a route. */
export interface Parameter {
  readonly name: string;
  readonly in: "query" | "path" | "header";
  readonly description: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** One of the answers that a route gives. */
export interface Answer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

/** What a route does, in the words of OpenAPI. */
export interface Operation {
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required: true;
    readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>>;
  };
  readonly responses: Readonly<Record<string, Answer>>;
}

/** A route with what is told of it. */
export type DescribedRoute = Pick<ApiRoute, "path" | "method" | "operation">;

type SchemaName = keyof typeof schemas;

/** A schema that stands among the named ones. */
export const refTo = (name: SchemaName): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** An answer of JSON. */
export const json = (description: string, name: SchemaName): Answer => ({
  description,
  content: { "application/json": { schema: refTo(name) } },
});

/** An answer of plain text. */
export const plain = (description: string): Answer => ({
  description,
  content: { "text/plain": { schema: { type: "string" } } },
});

/** A refusal. */
export const refusal = (description: string): Answer => ({
  description,
  content: { "application/problem+json": { schema: refTo("Problem") } },
});

/** The refusal of a part that does not answer, or takes no more. */
export const later = (description: string): Answer => ({
  ...refusal(description),
  headers: { "retry-after": { description: "seconds", schema: { type: "string" } } },
});

/** Describes routes as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1). */
export function openApi(routes: readonly DescribedRoute[], pipelines: readonly string[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { path, method, operation } of routes) {
    const place = path.replaceAll(/:(\w+)/g, "{$1}");
    const parameters = [...pathParameters(path, pipelines), ...(operation.parameters ?? [])];
    const described = {
      operationId: operationId(path, method),
      ...operation,
      ...(parameters.length === 0 ? {} : { parameters }),
    };
    paths[place] = { ...paths[place], [method.toLowerCase()]: described };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "tweet-pipeline: the board",
      description: "What pipelines have stored, how far behind they are, and what was set aside.",
      version: project.version,
      license: { name: project.license, identifier: project.license },
    },
    paths,
    components: { schemas },
  };
}

function pathParameters(path: string, pipelines: readonly string[]): readonly Parameter[] {
  if (!path.includes(":pipeline")) return [];
  return [
    {
      name: "pipeline",
      in: "path",
      description: "The pipeline's name.",
      required: true,
      schema: { type: "string", enum: pipelines },
    },
  ];
}

/** Such as `getPipelineDeadLetters`. */
function operationId(path: string, method: string): string {
  const words = path.split(/[/:-]+/).filter((word) => word !== "" && word !== "api");
  const name = words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join("");
  return `${method.toLowerCase()}${name || "Api"}`;
}
