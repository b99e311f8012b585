import type { Source, View, Words } from "../../lib/pipeline/view.ts";

/** What a weather pipeline's view is made of. */
export interface WeatherViewOptions {
  readonly title: Words;
  /** The hashes of each municipality's sums. */
  readonly stats: readonly Source[];
  /** The streams of each municipality's reports. */
  readonly reports: readonly Source[];
}

const temperature = { en: "Temperature", es: "Temperatura" };
const humidity = { en: "Humidity", es: "Humedad" };
const municipality = { en: "Municipality", es: "Municipio" };
const weather = { en: "Weather", es: "Clima" };

/** How people see a pipeline whose events `foldTotals` adds up and whose reports stand in streams. */
export function weatherView({ title, stats, reports }: WeatherViewOptions): View {
  return {
    title,
    panels: [
      { kind: "count", title: { en: "Reports", es: "Reportes" }, key: "total" },
      {
        kind: "figures",
        title: { en: "Extremes", es: "Extremos" },
        key: "extremes",
        figures: [
          { field: "temperature_min", title: { en: "Coldest", es: "Más frío" }, unit: "°C" },
          { field: "temperature_max", title: { en: "Hottest", es: "Más caliente" }, unit: "°C" },
          { field: "humidity_min", title: { en: "Driest", es: "Más seco" }, unit: "%" },
          { field: "humidity_max", title: { en: "Most humid", es: "Más húmedo" }, unit: "%" },
        ],
      },
      {
        kind: "counts",
        title: { en: "Reports per municipality", es: "Reportes por municipio" },
        key: "reports:municipality",
        as: "bars",
        label: municipality,
      },
      {
        kind: "counts",
        title: { en: "Distribution by weather", es: "Distribución por clima" },
        key: "reports:weather",
        as: "pie",
        label: weather,
      },
      {
        kind: "averages",
        title: { en: "Average temperature", es: "Temperatura promedio" },
        unit: "°C",
        sources: stats,
        sum: "temperature_sum",
        count: "count",
      },
      {
        kind: "averages",
        title: { en: "Average humidity", es: "Humedad promedio" },
        unit: "%",
        sources: stats,
        sum: "humidity_sum",
        count: "count",
      },
      {
        kind: "series",
        title: {
          en: "Temperature of the latest reports",
          es: "Temperatura de los últimos reportes",
        },
        unit: "°C",
        sources: reports,
        x: "ts",
        y: "temperature",
      },
      {
        kind: "latest",
        title: { en: "Latest reports", es: "Últimos reportes" },
        sources: reports,
        label: municipality,
        newestBy: "ts",
        columns: [
          { field: "ts", title: { en: "Time", es: "Hora" }, as: "time" },
          { field: "temperature", title: temperature, as: "number", unit: "°C" },
          { field: "humidity", title: humidity, as: "number", unit: "%" },
          { field: "weather", title: weather },
        ],
      },
    ],
  };
}
