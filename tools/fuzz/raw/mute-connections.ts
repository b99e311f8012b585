import { connect } from "node:net";
import { pause } from "../../../lib/pause.ts";

/** Connections that say nothing and never leave by themselves. */
export interface MuteConnections extends Disposable {
  /** Waits until the other side has ended them all; returns how many are left when the time is over. */
  left(limitMs: number, signal: AbortSignal): Promise<number>;
}

const each = 10;
const everyMs = 200;

/** Opens some of them to each port. */
export function muteConnections(ports: readonly number[]): MuteConnections {
  const sockets = ports.flatMap((port) =>
    Array.from({ length: each }, () => {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => {});
      socket.resume();
      return socket;
    }),
  );
  const open = () => sockets.filter(({ closed, destroyed }) => !(closed || destroyed)).length;
  return {
    left: async (limitMs, signal) => {
      const end = performance.now() + limitMs;
      while (open() > 0 && performance.now() < end && !signal.aborted) await pause(everyMs, signal);
      return open();
    },
    [Symbol.dispose]: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
