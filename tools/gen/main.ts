import { join, resolve } from "node:path";
import { pipelineList } from "./pipeline-list.ts";

const folder = resolve(import.meta.dir, "../../pipelines");
const files = [...new Bun.Glob("*.ts").scanSync(folder)].filter(
  (file) => !file.endsWith(".test.ts") && file !== "all.ts",
);
await Bun.write(join(folder, "all.ts"), pipelineList(files));
