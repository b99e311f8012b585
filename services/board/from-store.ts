import { problem } from "../../lib/door/problem.ts";

/** The answer of a store, or that it does not answer. */
export async function fromStore(read: () => Promise<unknown>): Promise<Response> {
  try {
    return Response.json(await read());
  } catch {
    return problem({ kind: "unavailable", detail: "the store does not answer" });
  }
}
