import { expect, test } from "bun:test";
import { climaApp } from "../../../pipelines/clima-app.ts";
import { votaciones } from "../../../pipelines/votaciones.ts";
import { ConfigError } from "../../config.ts";
import { openLog } from "./open-log.ts";

const MONGO_URL = "mongodb://127.0.0.1:1/so1p2";

test("openLog() opens nothing for a pipeline without a log, whatever the address", async () => {
  expect(await openLog(climaApp, { MONGO_URL: "mongodb://host?sideways=1" })).toBeUndefined();
});

test("openLog() opens a log without its server", async () => {
  await using log = await openLog(votaciones, { MONGO_URL });
  expect(log).toBeDefined();
});

test("openLog() refuses an address that the driver cannot use, without its password", async () => {
  const opening = openLog(votaciones, { MONGO_URL: "mongodb://u:s3cret@host/db?sideways=1" });
  await expect(opening).rejects.toThrow(ConfigError);
  await expect(opening).rejects.toThrow("MONGO_URL is of no use: Cannot use mongodb://host/db: ");
  await expect(opening).rejects.not.toThrow("s3cret");
});

test("openLog() refuses to forget entries before the broker forgets their messages", async () => {
  const hours = (count: number) => ({ MONGO_URL, LOG_RETENTION_MS: count * 3_600_000 });
  await expect(openLog(votaciones, hours(2))).rejects.toThrow(
    'LOG_RETENTION_MS must be more than the 7200000 that the broker keeps messages: current value is "7200000"',
  );
  await using log = await openLog(votaciones, hours(3));
  expect(log).toBeDefined();
});
