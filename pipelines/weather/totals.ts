import type { KeyQuery } from "../../lib/pipeline/key-query.ts";
import type { Operation } from "../../lib/pipeline/operation.ts";
import { slug } from "../../lib/pipeline/slug.ts";

/** One weather report, its enums as the words that the store keeps. */
export interface Report {
  readonly municipality: string;
  readonly weather: string;
  /** Degrees Celsius. */
  readonly temperature: number;
  /** Percent. */
  readonly humidity: number;
}

/** What dashboards ask of every weather pipeline: counts, sums, least and greatest, per municipality and over all. */
export function foldTotals(report: Report): readonly Operation[] {
  const { municipality, weather, temperature, humidity } = report;
  const stats = `stats:${slug(municipality)}`;
  return [
    { op: "count", key: "total" },
    { op: "countField", key: "reports:municipality", field: municipality },
    { op: "countField", key: "reports:weather", field: weather },
    { op: "countField", key: stats, field: "count" },
    { op: "countField", key: stats, field: `weather:${weather}` },
    ...foldMeasure(stats, "temperature", temperature),
    ...foldMeasure(stats, "humidity", humidity),
  ];
}

/** The keys of `foldTotals` for these municipalities. */
export function totalsState(municipalities: readonly string[]): readonly KeyQuery[] {
  return [
    { key: "total", kind: "value" },
    { key: "reports:weather", kind: "hash" },
    { key: "reports:municipality", kind: "hash" },
    { key: "extremes", kind: "hash" },
    ...municipalities.map((each) => ({ key: `stats:${slug(each)}`, kind: "hash" }) as const),
  ];
}

/** Sum, least and greatest of a measure, for one municipality and over all. */
function foldMeasure(stats: string, name: string, value: number): readonly Operation[] {
  return [
    { op: "sum", key: stats, field: `${name}_sum`, value },
    { op: "min", key: stats, field: `${name}_min`, value },
    { op: "max", key: stats, field: `${name}_max`, value },
    { op: "min", key: "extremes", field: `${name}_min`, value },
    { op: "max", key: "extremes", field: `${name}_max`, value },
  ];
}
