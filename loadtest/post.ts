/** Why a request was not acknowledged. */
export interface Failure {
  /** What failures are counted by: the status with the problem's title, or that no answer came and why. */
  readonly kind: string;
  /** What the answer said beside that. */
  readonly detail: string;
}

/** The answer to a request; status 0 where none came. */
export interface Answer {
  readonly status: number;
  /** Whether it is a problem document: a refusal that was told by a door, not by what stands before it. */
  readonly problem: boolean;
  /** The event's id, where the answer tells it. */
  readonly id: string | undefined;
  /** What it would be as a failure. */
  readonly failure: Failure;
}

const attemptMs = 10_000;
const detailChars = 300;

/** Posts JSON, with an idempotency key and a client's own key where there are any. */
export async function post(
  url: URL,
  body: string,
  key: string | undefined,
  apiKey?: string,
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(key === undefined ? {} : { "idempotency-key": key }),
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body,
      signal: AbortSignal.timeout(attemptMs),
    });
    const text = await response.text();
    const id = response.headers.get("idempotency-key") ?? undefined;
    const problem =
      response.headers.get("content-type")?.startsWith("application/problem+json") ?? false;
    return { status: response.status, problem, id, failure: failureOf(response, text, id) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      status: 0,
      problem: false,
      id: undefined,
      failure: { kind: `no answer: ${why}`, detail: "" },
    };
  }
}

function failureOf({ status, ok }: Response, text: string, id: string | undefined): Failure {
  if (ok) {
    return { kind: id === undefined ? `${status} without an id` : `${status}`, detail: "" };
  }
  const detail = text.slice(0, detailChars);
  try {
    const { title, detail: reason, errors } = JSON.parse(text);
    const said = [reason, errors && JSON.stringify(errors)].filter(Boolean).join(" ");
    return { kind: `${status} ${title}`, detail: said.slice(0, detailChars) };
  } catch {
    return { kind: `${status}`, detail };
  }
}
