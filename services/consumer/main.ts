import { runService } from "../../lib/service.ts";
import { spec } from "./config.ts";
import { startConsumer } from "./start.ts";

await runService({ name: "consumer", spec, env: process.env, start: startConsumer });
