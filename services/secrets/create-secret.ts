/** How the API server is asked. */
export interface Cluster {
  /** Where it is. */
  readonly url: URL;
  /** The authority that signed its certificate, in PEM; none for plain HTTP. */
  readonly ca: string | undefined;
  /** The account's token. */
  readonly token: string;
  /** Where Secrets are made. */
  readonly namespace: string;
}

/** What became of a Secret: it was made, it was there already, or it is worth another try. */
export type Creation = { readonly kind: "made" | "there" } | AgainLater;

/** Nothing was learned; `why` says what stood in the way. */
export interface AgainLater {
  readonly kind: "again";
  readonly why: string;
}

const answerTimeoutMs = 10_000;

/**
 * Asks once for a Secret to be created, which leaves one of that name as it is.
 *
 * @throws Error when asking again could not help: the account may not, or the Secret is not one.
 */
export async function createSecret(
  cluster: Cluster,
  name: string,
  values: Readonly<Record<string, string>>,
): Promise<Creation> {
  try {
    return await outcomeOf(name, await post(cluster, name, values));
  } catch (error) {
    if (error instanceof Refused) throw error;
    return { kind: "again", why: error instanceof Error ? error.message : String(error) };
  }
}

/** The API server understood, and says no. */
class Refused extends Error {}

function post(
  { url, ca, token, namespace }: Cluster,
  name: string,
  values: Readonly<Record<string, string>>,
): Promise<Response> {
  const labels = { "app.kubernetes.io/managed-by": "tweet-pipeline" };
  return fetch(new URL(`/api/v1/namespaces/${namespace}/secrets`, url), {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, labels },
      type: "Opaque",
      stringData: values,
    }),
    signal: AbortSignal.timeout(answerTimeoutMs),
    // A redirect would take the token elsewhere.
    redirect: "error",
    ...(ca === undefined ? {} : { tls: { ca } }),
  });
}

async function outcomeOf(name: string, response: Response): Promise<Creation> {
  if (response.status === 201) return { kind: "made" };
  const { reason, message } = await statusOf(response);
  if (response.status === 409 && reason === "AlreadyExists") return { kind: "there" };
  const why = `the API server answered ${response.status}: ${message}`;
  if (response.status === 429 || response.status === 409 || response.status >= 500) {
    return { kind: "again", why };
  }
  throw new Refused(`Cannot create Secret ${name}: ${why}`);
}

/** What a `Status` of the API server says; other answers come from something in between. */
async function statusOf(response: Response): Promise<{ reason: string; message: string }> {
  const body: unknown = await response.json().catch(() => undefined);
  const { reason, message } = (body ?? {}) as Readonly<Record<string, unknown>>;
  return { reason: String(reason), message: String(message) };
}
