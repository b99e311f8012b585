import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { proyecto3 } from "../../pipelines/proyecto3.ts";
import { votaciones } from "../../pipelines/votaciones.ts";

/** Something that a foreign producer sends and nobody can use. */
export interface Junk {
  readonly text: string;
  /** Part of the reason that its dead letter gives. */
  readonly reason: string;
}

/** What foreign producers, which know no ids, send to one pipeline. */
export interface ForeignMessages {
  readonly pipeline: AnyPipeline;
  /** The stations that consume it, by lane. */
  readonly consumers: Readonly<Partial<Record<"kafka" | "rabbit", string>>>;
  readonly good: readonly string[];
  readonly junk: readonly Junk[];
  /** Counts in the store after every good one came `times` times. */
  state(times: string): Readonly<Record<string, unknown>>;
}

const noJson: readonly Junk[] = [
  { text: "{ no json", reason: "JSON" },
  { text: "", reason: "JSON" },
  { text: "[]", reason: "must be a JSON object" },
];

/** Words of the references' producers, `unknown` among them, and junk. */
export const foreignMessages: readonly ForeignMessages[] = [
  {
    pipeline: proyecto3,
    consumers: { kafka: "proyecto3/kafka-consumer", rabbit: "proyecto3/rabbit-consumer" },
    good: [
      '{"municipality":"chinautla","temperature":30,"humidity":80,"weather":"foggy"}',
      '{"municipality":"unknown","temperature":20,"humidity":50,"weather":"unknown"}',
    ],
    junk: [
      ...noJson,
      {
        text: '{"municipality":"antigua","temperature":30,"humidity":80,"weather":"foggy"}',
        reason: "municipality must be one of unknown, mixco",
      },
      {
        text: '{"municipality":"mixco","temperature":"30","humidity":80,"weather":"foggy"}',
        reason: "temperature must be a whole number",
      },
    ],
    state: (times) => ({
      "municipality:chinautla": times,
      "municipality:unknown": times,
      "weather:foggy": times,
      "weather:unknown": times,
      "reports:weather": { foggy: times, unknown: times },
    }),
  },
  {
    pipeline: climaApp,
    consumers: { kafka: "clima-app/kafka-consumer", rabbit: "clima-app/rabbit-consumer" },
    good: [
      '{"municipio":"Mixco","temperatura":20,"humedad":50,"clima":"Ventoso"}',
      '{"municipio":"Desconocido","temperatura":-50,"humedad":0,"clima":"Desconocido"}',
    ],
    junk: [
      ...noJson,
      {
        text: '{"municipio":"Mixco","temperatura":20,"humedad":50}',
        reason: "clima must be one of Desconocido, Soleado",
      },
      {
        text: '{"municipio":"Mixco","temperatura":20,"humedad":101,"clima":"Soleado"}',
        reason: "humedad must be a whole number from 0 to 100",
      },
    ],
    // The reference's windy is foggy.
    state: (times) => ({
      "reports:municipality": { Mixco: times, Desconocido: times },
      "reports:weather": { Neblinoso: times, Desconocido: times },
      "municipality:mixco": { weather: "Neblinoso" },
      "municipality:desconocido": { name: "Desconocido", weather: "Desconocido" },
    }),
  },
  {
    pipeline: votaciones,
    consumers: { kafka: "votaciones/consumer" },
    good: [
      '{"name":"Soda Stereo","album":"Signos","year":1986,"rank":1}',
      '{"name":"Maná","album":"Falta Amor","year":"1990","rank":"2"}',
    ],
    junk: [
      ...noJson,
      {
        text: '{"name":"Maná","album":"","year":"1990","rank":"2"}',
        reason: "album must be a text",
      },
      { text: '{"name":"Maná","album":"Falta Amor","year":"1990"}', reason: "rank must be a text" },
    ],
    state: (times) => ({
      bands: {
        "Signos (1986) - (Soda Stereo) : No:1": times,
        "Falta Amor (1990) - (Maná) : No:2": times,
      },
      votos_banda: { "Soda Stereo": times, Maná: times },
      votos_album: { Signos: times, "Falta Amor": times },
    }),
  },
];
