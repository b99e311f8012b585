import { Elysia } from "elysia";
import { problem } from "../../../lib/door/problem.ts";
import { targetOf } from "../request-target.ts";
import type { Page, PageFile } from "./page.ts";

/** What the page's app needs. */
export interface PageOptions {
  /** The built page; undefined where it was not built. */
  readonly page: Page | undefined;
  /** What stands before its addresses; the page itself is there without, too. */
  readonly bases: readonly string[];
  /** What `/` answers to whoever does not ask for HTML. */
  readonly bare: string;
}

/** Nothing but what this server sends, no script or style within the HTML, and no frame around it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const guarded = {
  "content-security-policy": policy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

const notBuilt =
  "The page is not built: `bun run web` builds it. The API is below /api, described at /openapi.\n";

/**
 * Serves the page: at `/` to whoever asks for HTML, its files below `/assets`, whose names change with what is in them.
 */
export function pageApp({ page, bases, bare }: PageOptions): Elysia {
  const app = new Elysia();
  const index = page?.get("index.html");
  const root = (request: Request, base: string) => {
    const asks = /\btext\/html\b/i.test(request.headers.get("accept") ?? "");
    const reply = asks ? indexReply(request, base, index) : new Response(bare);
    reply.headers.append("vary", "accept");
    return reply;
  };
  for (const base of bases) {
    app.get(base || "/", ({ request }) => root(request, base));
    app.head(base || "/", ({ request }) => {
      const { status, headers } = root(request, base);
      return new Response(null, { status, headers });
    });
    app.get(`${base}/assets/*`, ({ request, params }) => {
      const file = page?.get(`assets/${params["*"]}`);
      if (file === undefined) {
        return problem({ kind: "not-found", detail: "the page has no such file" });
      }
      return fileReply(request, file, "public, max-age=31536000, immutable");
    });
  }
  return app as unknown as Elysia;
}

function indexReply(request: Request, base: string, index: PageFile | undefined): Response {
  const { path: pathname } = targetOf(request);
  if (base !== "" && !pathname.endsWith("/")) {
    // The page's addresses are relative to the folder that it is in.
    const location = `${pathname.slice(pathname.lastIndexOf("/") + 1)}/`;
    return new Response(null, { status: 308, headers: { location } });
  }
  if (index === undefined) return new Response(notBuilt, { status: 503, headers: guarded });
  return fileReply(request, index, "no-cache");
}

function fileReply(request: Request, { type, bytes, gzip }: PageFile, cache: string): Response {
  const headers = {
    ...guarded,
    "content-type": type,
    "cache-control": cache,
    vary: "accept-encoding",
  };
  if (!/\bgzip\b/.test(request.headers.get("accept-encoding") ?? "")) {
    return new Response(bytes, { headers });
  }
  return new Response(gzip, { headers: { ...headers, "content-encoding": "gzip" } });
}
