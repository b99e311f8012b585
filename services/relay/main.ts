import { runService } from "../../lib/service.ts";
import { spec } from "./config.ts";
import { startRelay } from "./start.ts";

await runService({ name: "relay", spec, env: process.env, start: startRelay });
