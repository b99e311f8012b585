/** What a request asks for. */
export interface RequestTarget {
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * What a request asks for, whatever it says of its host: `request.url` holds that too, and with a host such as `%` it is no
 * URL that could be parsed.
 */
export function targetOf({ url }: Pick<Request, "url">): RequestTarget {
  const [, path = "/", query = ""] = /^\w+:\/\/[^/?#]*([^?#]*)\??([^#]*)/.exec(url) ?? [];
  return { path: path === "" ? "/" : path, query: new URLSearchParams(query) };
}
