import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serviceProcess } from "../../lib/testing/service-process.ts";
import { until } from "../../lib/testing/until.ts";
import { freePorts } from "../../tools/parts/ports.ts";

/**
 * All pipelines in one process of their own, with their data in a folder that ends with it.
 *
 * @param prepare - is done in that folder before the process starts. @default nothing
 * @param more - of its environment. @default nothing
 */
export async function laptop(
  prepare: (dir: string) => Promise<void> = async () => {},
  more: Readonly<Record<string, string>> = {},
) {
  const dir = mkdtempSync(join(tmpdir(), "load-"));
  await prepare(dir);
  const [http, grpc] = await freePorts(2);
  const main = join(import.meta.dir, "../../services/all-in-one/main.ts");
  const service = serviceProcess(main, {
    PORT: `${http}`,
    GRPC_PORT: `${grpc}`,
    DATA_DIR: dir,
    ...more,
  });
  const url = `http://127.0.0.1:${http}`;
  await until("laptop mode to answer", async () => (await fetch(url)).ok);
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      await service[Symbol.asyncDispose]();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
