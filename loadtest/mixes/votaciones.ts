import type { Mix } from "./mix.ts";

/** A row of the file of votes. */
export interface Vote {
  readonly name: string;
  readonly album: string;
  readonly year: string;
  readonly rank: string;
}

/** The votes of a file, each sent once, by either route. */
export function votaciones(votes: readonly Vote[]): Mix {
  return {
    pipeline: "votaciones",
    routes: { rust: "/rust/send_data", grpc: "/grpc/insert" },
    requests: votes.length,
    requestsMax: votes.length,
    compared: ["total", "bands", "votos_banda", "votos_album"],
    event: (index) => {
      const vote = votes[index];
      if (vote === undefined) {
        throw new Error(
          `Cannot send vote ${index}: the file has ${votes.length}, counted from 0: it has no such row`,
        );
      }
      const { name, album, year, rank } = vote;
      return {
        body: vote,
        effects: [
          "total",
          `bands ${album} (${year}) - (${name}) : No:${rank}`,
          `votos_banda ${name}`,
          `votos_album ${album}`,
        ],
      };
    },
  };
}
