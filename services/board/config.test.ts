import { expect, test } from "bun:test";
import { ConfigError, readConfig } from "../../lib/config.ts";
import { spec } from "./config.ts";

test("votaciones web API: port 5000 where PORT is not set, no other origins, no path before it", () => {
  const config = readConfig(spec, { PIPELINE: "votaciones" });
  expect([config.PORT, config.CORS_ORIGINS, config.BASE_PATH]).toEqual([5_000, [], ""]);
  expect(readConfig(spec, { PORT: "8080" }).PORT).toBe(8_080);
});

test("CORS_ORIGINS is * or a list of origins", () => {
  const read = (raw: string) => readConfig(spec, { CORS_ORIGINS: raw }).CORS_ORIGINS;
  expect(read("*")).toBe("*");
  expect(read("https://a.example, http://localhost:5173")).toEqual([
    ...["https://a.example", "http://localhost:5173"],
  ]);
  for (const raw of ["a.example", "https://a.example/", "https://a.example/path", "*,*", "null"]) {
    expect(() => read(raw)).toThrow(ConfigError);
  }
});

test("BASE_PATH is a path, with or without a slash at its end", () => {
  const read = (raw: string) => readConfig(spec, { BASE_PATH: raw }).BASE_PATH;
  expect([read("/"), read("/board"), read("/a/b-c/")]).toEqual(["", "/board", "/a/b-c"]);
  for (const raw of ["board", "//board", "/a b", "/a/../b", "/:pipeline", "/*"]) {
    expect(() => read(raw)).toThrow(ConfigError);
  }
});
