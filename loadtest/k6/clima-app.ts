import { climaApp } from "../mixes/clima-app.ts";
import { loadRun } from "./lib/load-run.ts";

/** Weather tweets for clima-app: `k6 run loadtest/k6/clima-app.ts`. */
export const { options, setup, send, teardown, handleSummary } = loadRun(climaApp, { pause: "0" });
