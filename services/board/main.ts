import { runService } from "../../lib/service.ts";
import { spec } from "./config.ts";
import { startBoard } from "./start.ts";

await runService({ name: "board", spec, env: process.env, start: startBoard });
