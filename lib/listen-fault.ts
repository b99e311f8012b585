/** Why a server cannot listen, naming the port and the variable that moves it. */
export function listenFault(port: number, variable: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `Cannot listen on port ${port}: ${why}: end what uses it or set ${variable} to a free one`,
    { cause },
  );
}
