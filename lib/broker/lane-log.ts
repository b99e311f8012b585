import type { LetterLog } from "./letter-log.ts";

/** A lane's messages as a log, read by offsets: whoever reads takes nothing out, commits nothing and joins no group. */
export type LaneLog = Pick<LetterLog, "ranges" | "read"> & AsyncDisposable;
