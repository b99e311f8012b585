/** A key to read; `limit` entries at most, newest first, of streams and lists. */
export interface KeyQuery {
  readonly key: string;
  readonly kind: "value" | "hash" | "stream" | "list";
  readonly limit?: number;
}
