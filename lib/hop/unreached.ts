/** What systems and name servers say where no connection can be made. */
const codes = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN"]);

/** Whether an error of a client, or its cause, says that there was no connection: nothing was sent. */
export function isUnreached(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return codes.has((error as { code?: string }).code ?? "") || isUnreached(error.cause);
}
