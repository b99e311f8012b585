/** Where somebody is: at home, at a pipeline, or nowhere. */
export type Route =
  | { readonly at: "home" }
  | { readonly at: "pipeline"; readonly name: string }
  | { readonly at: "nowhere"; readonly address: string };

/** The route of an address's hash, which works below any path. */
export function routeOf(hash: string): Route {
  if (hash === "" || hash === "#" || hash === "#/") return { at: "home" };
  const [, name] = /^#\/([^/]+)\/?$/.exec(hash) ?? [];
  const decoded = name === undefined ? undefined : decode(name);
  return decoded === undefined
    ? { at: "nowhere", address: hash }
    : { at: "pipeline", name: decoded };
}

/** The hash of a pipeline's page. */
export function hashOf(pipeline: string): string {
  return `#/${encodeURIComponent(pipeline)}`;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
