import { expect, test } from "bun:test";
import { until } from "../../lib/testing/until.ts";
import { start, tweet } from "../../services/all-in-one/testing/laptop.ts";
import { freePort } from "../../tools/parts/ports.ts";
import { goodBody, laptopWith } from "../testing/laptop-letters.ts";
import { jsonLines, run } from "../testing/run.ts";
import { dlq, waiting } from "./testing/dlq.ts";

const testMs = 30_000;

test(
  "dlq edit checks what it keeps against the pipeline's rules, and redrive publishes it",
  async () => {
    const poison = '{"municipio":"Mixco","temperatura":"hot","humedad":50,"clima":"Soleado"}';
    using place = await laptopWith([{ body: poison }, { lane: "rabbit", body: goodBody }]);
    const [id = "", decodable = ""] = place.ids;
    const bad = await dlq(place, ["edit", id, "--set", "temperatura=999"]);
    expect([bad.code, bad.err]).toEqual([1, expect.stringContaining("temperatura must be")]);
    const dry = await dlq(place, ["edit", id, "--set", "temperatura=21", "--dry-run"]);
    expect([dry.code, dry.out]).toEqual([0, expect.stringContaining("Would keep")]);
    expect(jsonLines((await dlq(place, ["show", id, "--json"])).out)[0]?.body).toBe(poison);
    expect((await dlq(place, ["edit", id, "--set", "temperatura=21"])).code).toBe(0);
    // One that can be read is changed by the names of the pipeline's message.
    expect((await dlq(place, ["edit", decodable, "--set", "weather=foggy"])).code).toBe(0);
    const file = '{"municipality":1,"temperature":22,"humidity":50,"weather":"sunny"}';
    expect((await dlq(place, ["edit", decodable, "--body-file", "-"], file)).code).toBe(0);
    expect((await dlq(place, ["redrive", "--all"])).out).toBe("2 redriven.\n");
    const bodyIn = async (lane: string) =>
      JSON.parse(Buffer.from((await place.lane(lane))[0]?.body ?? []).toString());
    expect(await bodyIn("kafka")).toEqual({ ...JSON.parse(goodBody), temperatura: 21 });
    expect(await bodyIn("rabbit")).toEqual({ ...JSON.parse(goodBody), temperatura: 22 });
    expect((await place.lane("kafka"))[0]?.id as string).toBe(id);
  },
  testMs,
);

test(
  "dlq edit opens an editor on the message, and keeps the text of one that is refused",
  async () => {
    using place = await laptopWith([{ body: goodBody }]);
    const [id = ""] = place.ids;
    const edit = (editor: string) =>
      run("dlq", ["edit", id, "--data-dir", place.dataDir], { EDITOR: editor });
    const sed = (script: string) => `sed -i ${script}`;
    expect(await edit("")).toMatchObject({ code: 1, err: expect.stringContaining("EDITOR") });
    expect(await edit("false")).toMatchObject({
      code: 1,
      err: expect.stringContaining("ended with"),
    });
    expect(await edit("true")).toMatchObject({ code: 0, out: "Nothing changed.\n" });
    const refused = await edit(sed("s/50/101/"));
    expect(refused.code).toBe(1);
    expect(refused.err).toStartWith("Cannot keep this body: humidity must be");
    const [, kept = ""] = /your text is in (\S+) /.exec(refused.err) ?? [];
    expect(await Bun.file(kept).text()).toContain('"humidity": 101');
    expect(await edit(sed("s/50/51/"))).toMatchObject({
      code: 0,
      out: expect.stringContaining(id),
    });
    const [shown] = jsonLines((await dlq(place, ["show", id, "--json"])).out);
    expect(shown).toMatchObject({
      body: goodBody.replace("50", "51"),
      editedAt: expect.any(String),
    });
  },
  testMs,
);

test(
  "a poison message that was edited takes effect once laptop mode runs again",
  async () => {
    using place = await laptopWith([]);
    const env = {
      PORT: `${await freePort()}`,
      GRPC_PORT: `${await freePort()}`,
      DATA_DIR: place.dataDir,
    };
    await place.publish("kafka", goodBody.replace("20", '"hot"'));
    {
      await using laptop = await start(env);
      expect((await laptop.post(tweet)).status).toBe(200);
      const open = await dlq(place, ["ls"]);
      expect([open.code, open.err]).toEqual([1, expect.stringContaining("laptop mode that runs")]);
      laptop.child.kill("SIGTERM");
      await laptop.child.exited;
    }
    const [id = ""] = await waiting(place);
    expect((await dlq(place, ["edit", id, "--set", "temperatura=20"])).code).toBe(0);
    expect((await dlq(place, ["redrive", id])).out).toBe("1 redriven.\n");
    expect(await waiting(place)).toEqual([]);
    await using laptop = await start(env);
    const total = async () => (await laptop.state()).total;
    await until("both effects", async () => (await total()) === "2");
    expect(await laptop.state()).toMatchObject({
      total: "2",
      "reports:municipality": { Mixco: "1" },
    });
    expect(await laptop.ledger()).toMatchObject({ stored: 2, deadLettered: 1, closes: true });
  },
  testMs,
);
