import { exchange } from "./exchange.ts";

/** Who asks, where a server wants to know that. */
export interface ProbeLogin {
  readonly user: string;
  readonly password: string;
}

const signedIn = "+OK\r\n";

/** Sends one inline command to the Valkey on `port` and returns the beginning of the reply as it stands. */
export function inlineCommand(port: number, command: string, login?: ProbeLogin): Promise<string> {
  const first = login === undefined ? "" : `AUTH ${login.user} ${login.password}\r\n`;
  return exchange({
    port,
    request: Buffer.from(`${first}${command}\r\n`),
    read: (received) => {
      const all = received.toString();
      const reply = first !== "" && all.startsWith(signedIn) ? all.slice(signedIn.length) : all;
      return reply === "" ? undefined : reply;
    },
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

/** Says whether the Valkey on `port` takes itself for a primary. */
export async function saysPrimary(port: number): Promise<boolean> {
  return (await inlineCommand(port, "INFO replication")).includes("role:master");
}

/** How many copies follow the Valkey on `port` and have its data. */
export async function copiesOnline(port: number, login?: ProbeLogin): Promise<number> {
  const reply = await inlineCommand(port, "INFO replication", login);
  return reply.match(/state=online/g)?.length ?? 0;
}

/** Says whether the sentinel on `port` has found all copies and sentinels that there are, and is not changing anything. */
export async function sentinelRests(
  port: number,
  name: string,
  all: { readonly copies: number; readonly sentinels: number },
  login?: ProbeLogin,
): Promise<boolean> {
  const fields = (await inlineCommand(port, `SENTINEL MASTER ${name}`, login)).split("\r\n");
  const textOf = (field: string) => fields[fields.indexOf(field) + 2];
  return (
    textOf("flags") === "master" &&
    textOf("num-slaves") === `${all.copies}` &&
    textOf("num-other-sentinels") === `${all.sentinels - 1}`
  );
}

/** The port of the primary by what the sentinel on `port` says. */
export async function primaryPort(port: number, name: string, login?: ProbeLogin): Promise<number> {
  const reply = await inlineCommand(port, `SENTINEL GET-MASTER-ADDR-BY-NAME ${name}`, login);
  return Number(reply.split("\r\n").at(-2));
}
