import { exchange } from "./exchange.ts";

/** Sends one inline command to the Valkey on `port` and returns the beginning of the reply as it stands. */
function inlineCommand(port: number, command: string): Promise<string> {
  return exchange({
    port,
    request: Buffer.from(`${command}\r\n`),
    read: (received) => (received.length > 0 ? received.toString() : undefined),
  });
}

/** Says whether a Valkey on `port` takes commands: its data is loaded, or it asks first who one is. */
export async function valkeyAnswers(port: number): Promise<boolean> {
  const reply = await inlineCommand(port, "PING");
  return reply.startsWith("+PONG") || reply.startsWith("-NOAUTH");
}

/** Says whether the replica on `port` has its primary's data and follows it. */
export async function replicaFollows(port: number): Promise<boolean> {
  return (await inlineCommand(port, "INFO replication")).includes("master_link_status:up");
}
