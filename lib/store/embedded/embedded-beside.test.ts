import { join } from "node:path";
import { besideSuite } from "../beside.suite.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { embeddedBeside } from "./embedded-beside.ts";
import { embeddedStore } from "./embedded-store.ts";

besideSuite("a store beside an embedded one", async () => {
  const dir = tempDir();
  const file = join(dir.path, "store.db");
  const live = embeddedStore({ file });
  return {
    live,
    open: async () => embeddedBeside({ file }),
    async [Symbol.asyncDispose]() {
      await live[Symbol.asyncDispose]();
      dir[Symbol.dispose]();
    },
  };
});
