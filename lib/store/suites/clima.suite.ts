import { expect, test } from "bun:test";
import { climaApp } from "../../../pipelines/clima-app.ts";
import { climaEvent } from "../testing/clima-events.ts";
import { idAt, laneBatch, rangeBatch } from "../testing/fold-events.ts";
import type { DriverUnderTest } from "../testing/under-test.ts";

/** A real pipeline over both lanes. */
export function climaSuite(driver: DriverUnderTest): void {
  test("apply() folds weather tweets that come by two lanes once each", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    const startMs = Date.now() - 10_000;
    const events = Array.from({ length: 1_200 }, (_, i) =>
      climaEvent(idAt(startMs + i), {
        municipality: 1 + (i % 4),
        temperature: (i % 90) - 40,
        humidity: i % 101,
        weather: 1 + (i % 3),
      }),
    );
    for (let i = 0; i < events.length; i += 200) {
      const part = events.slice(i, i + 200);
      await store.apply(laneBatch("rabbit", part.slice(50).toReversed()));
      await store.apply(rangeBatch(i, part));
    }
    const { keys, lanes } = await store.read({ keys: climaApp.state });
    const state = Object.fromEntries(climaApp.state.map(({ key }, i) => [key, keys[i]]));
    expect(lanes.kafka).toMatchObject({ applied: 300, duplicate: 900 });
    expect(lanes.rabbit).toMatchObject({ applied: 900, duplicate: 0 });
    expect(state.total).toBe("1200");
    expect(state["reports:municipality"]).toEqual({
      Mixco: "300",
      Guatemala: "300",
      Amatitlán: "300",
      Chinautla: "300",
    });
    expect(state["reports:weather"]).toEqual({ Soleado: "400", Nublado: "400", Lluvioso: "400" });
    expect(state.extremes).toEqual({
      temperature_min: "-40",
      temperature_max: "49",
      humidity_min: "0",
      humidity_max: "100",
    });
    const guatemala = Array.from({ length: 300 }, (_, n) => 1 + n * 4);
    const sum = (values: number[]) => String(values.reduce((a, b) => a + b, 0));
    expect(state["stats:guatemala"]).toEqual({
      count: "300",
      "weather:Soleado": "100",
      "weather:Nublado": "100",
      "weather:Lluvioso": "100",
      temperature_sum: sum(guatemala.map((i) => (i % 90) - 40)),
      temperature_min: "-39",
      temperature_max: "49",
      humidity_sum: sum(guatemala.map((i) => i % 101)),
      humidity_min: "0",
      humidity_max: "100",
    });
    const lastMs = startMs + 1_197;
    expect(state["municipality:guatemala"]).toEqual({
      name: "Guatemala",
      temperature: String((1_197 % 90) - 40),
      humidity: String(1_197 % 101),
      weather: "Soleado",
      last_update: new Date(lastMs).toISOString().slice(0, 19).replace("T", " "),
    });
    const { keys: streams } = await store.read({
      keys: [{ key: "clima:guatemala", kind: "stream" }],
    });
    const entries = Array.isArray(streams[0]) ? streams[0] : [];
    expect(new Set(entries.map((entry) => JSON.stringify(entry))).size).toBe(300);
  });
}
