import type { Mix } from "./mix.ts";

/** A row of the file of votes. */
export interface Vote {
  readonly name: string;
  readonly album: string;
  readonly year: string;
  readonly rank: string;
}

/**
 * The votes of a file, each sent once, by either route; a run of more requests than there are votes begins anew at the
 * first.
 *
 * @throws Error where the file has none.
 */
export function votaciones(votes: readonly Vote[]): Mix {
  if (votes.length === 0) throw new Error("Cannot send votes: the file has none");
  return {
    pipeline: "votaciones",
    routes: { rust: "/rust/send_data", grpc: "/grpc/insert" },
    requests: votes.length,
    compared: ["total", "bands", "votos_banda", "votos_album"],
    event: (index) => {
      const vote = votes[index % votes.length] as Vote;
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
