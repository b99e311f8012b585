import { proyecto3 } from "../mixes/proyecto3.ts";
import { loadRun } from "./lib/load-run.ts";

/** Weather tweets for proyecto3: `k6 run loadtest/k6/proyecto3.ts`; with `-e ROUTE=/tweet` where it has its own host. */
export const { options, setup, send, teardown, handleSummary } = loadRun(proyecto3, { pause: "0" });
