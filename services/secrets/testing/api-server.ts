/** What an API server was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
}

/** The part of an API server that makes Secrets. */
export interface ApiServer extends AsyncDisposable {
  readonly url: URL;
  readonly asked: readonly Asked[];
  /** What there is, by namespace and name. */
  readonly secrets: Map<string, Readonly<Record<string, string>>>;
}

/** An answer in place of the usual one; undefined for the usual one. */
export type Mood = (times: number) => Response | undefined;

/** An answer as the API server gives it to say no. */
export function status(code: number, reason: string, message: string): Response {
  return Response.json({ kind: "Status", reason, message, code }, { status: code });
}

/** Serves on a port of this machine; with `tls`, over HTTPS. */
export function apiServer(
  mood: Mood = () => undefined,
  tls?: { readonly key: string; readonly cert: string },
): ApiServer {
  const asked: Asked[] = [];
  const secrets = new Map<string, Readonly<Record<string, string>>>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    ...(tls && { tls }),
    async fetch(request) {
      const { pathname: path } = new URL(request.url);
      const authorization = request.headers.get("authorization");
      asked.push({ method: request.method, path, authorization });
      const answer = mood(asked.length);
      if (answer !== undefined) return answer;
      if (authorization !== "Bearer t0ken") return status(401, "Unauthorized", "Unauthorized");
      const body = (await request.json()) as {
        readonly metadata: { readonly name: string };
        readonly stringData: Readonly<Record<string, string>>;
      };
      const key = `${path.split("/")[4]}/${body.metadata.name}`;
      if (secrets.has(key)) {
        return status(409, "AlreadyExists", `secrets "${body.metadata.name}" already exists`);
      }
      secrets.set(key, body.stringData);
      return Response.json(body, { status: 201 });
    },
  });
  return {
    url: new URL(`http${tls ? "s" : ""}://127.0.0.1:${server.port}`),
    asked,
    secrets,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}
