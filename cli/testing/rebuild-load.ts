import type { BrokerMessage } from "../../lib/broker/message.ts";
import { newEventId } from "../../lib/event/event-id.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { type Random, seededRandom } from "../../lib/store/testing/random.ts";

/** A body in a pipeline's broker form. */
const bodies: Readonly<Record<string, (random: Random) => Readonly<Record<string, unknown>>>> = {
  "clima-app": (random) => ({
    municipio: random.pick(["Mixco", "Guatemala", "Amatitlán", "Chinautla"]),
    temperatura: random.below(40),
    humedad: random.below(100),
    clima: random.pick(["Soleado", "Nublado", "Lluvioso", "Neblinoso"]),
  }),
  proyecto3: (random) => ({
    municipality: random.pick(["mixco", "guatemala", "amatitlan", "chinautla"]),
    temperature: random.below(40),
    humidity: random.below(100),
    weather: random.pick(["sunny", "cloudy", "rainy", "foggy"]),
  }),
  votaciones: (random) => ({
    name: random.pick(["The Beatles", "Queen", "Soda Stereo"]),
    album: `Album ${random.below(5)}`,
    year: `${1960 + random.below(40)}`,
    rank: `${1 + random.below(4)}`,
  }),
};

/** What was published, and what it must come to. */
export interface RebuildLoad {
  /** In order; an id comes more than once, with the same body or another one, and some bodies are no JSON. */
  readonly messages: readonly BrokerMessage[];
  /** How many events have an effect. */
  readonly events: number;
}

/** A load that depends on `seed` but for its ids, whose times rise up to now. */
export function rebuildLoad(pipeline: AnyPipeline, count: number, seed = 1): RebuildLoad {
  const random = seededRandom(seed);
  const bodyOf = bodies[pipeline.name] ?? (() => pipeline.sample);
  const startMs = Date.now() - 10 * count;
  const messages: BrokerMessage[] = [];
  const whole: BrokerMessage[] = [];
  const messageOf = (index: number, text: string): BrokerMessage => ({
    id: newEventId(startMs + 10 * index),
    ...{ key: undefined, body: Buffer.from(text), headers: {} },
  });
  for (let index = 0; index < count; index++) {
    const dice = random.below(100);
    const text = JSON.stringify(bodyOf(random));
    if (dice < 4 && whole.length > 0) messages.push(random.pick(whole));
    else if (dice < 7 && whole.length > 0) {
      const other = { ...bodyOf(random), ...(pipeline.name === "votaciones" && { year: "2001" }) };
      messages.push({ ...random.pick(whole), body: Buffer.from(JSON.stringify(other)) });
    } else if (dice < 9) messages.push(messageOf(index, "{ no json"));
    else {
      const message = messageOf(index, text);
      messages.push(message);
      whole.push(message);
    }
  }
  return { messages, events: whole.length };
}
