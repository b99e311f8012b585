import { timingSafeEqual } from "node:crypto";
import type { Failure } from "../door/failure.ts";
import { digestOf, hintOf } from "./api-key.ts";
import type { KeyHolder, KeyRing } from "./key-ring.ts";
import { type HeaderValue, presentedKey } from "./presented-key.ts";
import type { RefusalLog } from "./refusal-log.ts";

/** Somebody who may send events. */
export type Client = Pick<KeyHolder, "client">;

/** Why somebody may not. It has no effect, ever, and does not tell which keys there are. */
export type Denied = Failure<"unauthenticated" | "overloaded">;

/** What of a request says who sends it. */
export interface Presented {
  readonly authorization: HeaderValue;
  readonly apiKey: HeaderValue;
  /** Which door it came to, in words of ours. */
  readonly door: string;
  /** The address that it came from, where it is known. */
  readonly remote: () => string | undefined;
}

/** Who may send events. Doors ask for events alone: health, metrics and plain texts are for everybody. */
export interface Authentication {
  /**
   * Asked once for each event, before anything of its body is looked at. Costs a token of the client's rate; whoever has no key
   * takes nothing of what others may send.
   */
  admit(request: Presented): Client | Denied;
}

/** What an authentication is made of. */
export interface AuthenticationOptions {
  /** The keys that hold now. */
  readonly ring: () => KeyRing;
  readonly refusals: RefusalLog;
  /** Hears of every event that was refused. */
  readonly onRefused: (reason: "client-rate" | "unauthenticated") => void;
  /** The time in milliseconds since the Unix epoch. */
  readonly clock?: () => number;
}

const unauthenticated: Denied = {
  kind: "unauthenticated",
  detail: "an API key is needed, one that is known and has not ended; nothing was done",
};

const tooMany: Denied = {
  kind: "overloaded",
  detail: "more events came than this client may send a second; nothing was done",
};

/** Nobody's digest: a key that is not known is compared like any other. */
const nobody = Buffer.alloc(digestOf("").length);

/** Makes an authentication by API keys. */
export function createAuthentication(options: AuthenticationOptions): Authentication {
  const { ring, refusals, onRefused, clock = Date.now } = options;

  function deny(
    reason: "no-key" | "unknown-key" | "expired" | "client-rate",
    { door, remote }: Presented,
    { client, digest }: { readonly client?: string; readonly digest?: Buffer } = {},
  ): Denied {
    onRefused(reason === "client-rate" ? "client-rate" : "unauthenticated");
    refusals.add({ client, reason, door }, () => ({
      remote: remote(),
      keyHint: digest && hintOf(digest),
    }));
    return reason === "client-rate" ? tooMany : unauthenticated;
  }

  return {
    admit: (request) => {
      const key = presentedKey(request.authorization, request.apiKey);
      if (key === undefined) return deny("no-key", request);
      // What the look-up's time tells is about digests, which lead to no key; the comparison tells nothing at all.
      const digest = digestOf(key);
      const holder = ring().find(digest);
      const isKnown = timingSafeEqual(digest, holder?.digest ?? nobody);
      if (holder === undefined || !isKnown) return deny("unknown-key", request, { digest });
      if (clock() >= holder.untilMs) return deny("expired", request, holder);
      if (holder.bucket !== undefined && !holder.bucket.take()) {
        return deny("client-rate", request, holder);
      }
      return holder;
    },
  };
}
