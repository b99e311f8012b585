/** One file of the page. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same, compressed. */
  readonly gzip: Uint8Array<ArrayBuffer>;
}

/** A built page: its files by their paths, such as `index.html` and `assets/index-1a2b3c4d.js`. */
export type Page = ReadonlyMap<string, PageFile>;

/** Makes a file of the page; its type is that of its name. */
export function pageFile(path: string, bytes: Uint8Array<ArrayBuffer>): PageFile {
  return { type: Bun.file(path).type, bytes, gzip: Bun.gzipSync(bytes) };
}
