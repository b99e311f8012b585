import { flag, integer, optional, port, text } from "../../lib/config.ts";
import { admission, apiKeys, corsOrigins, idWindowMs, writerTarget } from "../../lib/variables.ts";

/** What laptop mode reads from its environment. */
export const spec = {
  /** The HTTP port: every pipeline's routes, the board's, `/metrics`. */
  PORT: optional(port, 8_080),
  GRPC_PORT: optional(port, 50_051),
  CORS_ORIGINS: corsOrigins,
  /** Where brokers and stores keep their files. */
  DATA_DIR: optional(text, ".data"),
  WRITER_TARGET: writerTarget,
  /** Whether a request may choose its own policy. */
  PREFER_POLICY: optional(flag, false),
  ...apiKeys,
  ...admission,
  IDS_MAX: optional(integer(1_000, 1_000_000_000), 5_000_000),
  ID_WINDOW_MS: idWindowMs,
  LOG_EVENTS: optional(flag, false),
};
