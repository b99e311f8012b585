import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { samples } from "../../lib/pipeline/samples.ts";
import type { RunState } from "./run-state.ts";
import { processName } from "./service-ports.ts";
import type { ProcessEntry } from "./system.ts";

function addressesOf({ ports, adminPort }: ProcessEntry): string {
  const doors = Object.entries(ports).map(([kind, port]) => `${kind} 127.0.0.1:${port}`);
  const admin = adminPort === undefined ? [] : [`admin 127.0.0.1:${adminPort}`];
  return [...doors, ...admin].join(", ");
}

/** The table of processes, the addresses, and what to try. */
export function summary(
  pipelines: readonly AnyPipeline[],
  { urls, processes, pid }: RunState,
): string {
  const rows = processes.map((entry) => [entry.name, `${entry.pid ?? "-"}`, addressesOf(entry)]);
  const table = [["process", "pid", "address"], ...rows, ["up", `${pid}`, `edge ${urls?.http}`]];
  const width = (column: number) => Math.max(...table.map((row) => row[column]?.length ?? 0));
  const widths = [width(0), width(1)];
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const pages = pipelines.flatMap(({ name }) => {
    const board = processes.find((each) => each.name === processName(`${name}/board`, 0));
    return board === undefined ? [] : [`http://127.0.0.1:${board.ports.http} ${name}`];
  });
  const grpc = Object.entries(urls?.grpc ?? {}).map(([place, address]) => `${address} ${place}`);
  return [
    ...lines,
    "",
    `HTTP      ${urls?.http}`,
    `gRPC      ${grpc.join("\n          ")}`,
    `Pages     ${pages.join("\n          ")}`,
    `Kafka     ${urls?.kafka.join(",")}`,
    `RabbitMQ  ${urls?.rabbit}, page ${urls?.management}`,
    `Valkey    ${urls?.valkey}`,
    ...(urls?.mongo === undefined ? [] : [`MongoDB   ${urls.mongo}`]),
    "",
    "Try it:",
    ...pipelines.flatMap((pipeline) => samples(pipeline, `${urls?.http}`)),
    "",
    "Ctrl-C or `npm run down` ends everything.",
  ].join("\n");
}
