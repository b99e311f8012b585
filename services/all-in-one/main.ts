import { runService } from "../../lib/service.ts";
import { spec } from "./config.ts";
import { startAllInOne } from "./start.ts";

await runService({ name: "all-in-one", spec, env: process.env, start: startAllInOne });
