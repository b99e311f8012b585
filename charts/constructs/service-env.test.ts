import { expect, test } from "bun:test";
import { spec } from "../../services/relay/config.ts";
import { readEnv } from "./service-env.ts";

const read = (KEYS_URL: string) =>
  readEnv("api", spec, { STATION: "clima-app/api", KEYS_URL }).KEYS_URL;

test("a password is refused in an address of several places too, and in what comes behind it", () => {
  for (const address of [
    "redis://relay:hunter2@valkey:6379",
    "redis+sentinel://relay:hunter2@s1:26379,s2:26379/valkey",
    "redis+sentinel://s1,s2/valkey?sentinelUsername=a&sentinelPassword=hunter2",
  ]) {
    expect(() => read(address)).toThrow("Cannot deploy api: KEYS_URL has a password in the clear");
    expect(() => read(address)).not.toThrow("hunter2");
  }
});

test("an address without one is taken as the service takes it", () => {
  expect(read("redis+sentinel://s1:26379,s2/valkey/0?sentinelPassword=")?.primary).toBe("valkey");
  expect(read("redis://relay@valkey:6379/3")?.database).toBe(3);
});
