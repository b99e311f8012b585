/** A script's source, read as `with { type: "text" }`. */
declare module "*.lua" {
  const source: string;
  export = source;
}
