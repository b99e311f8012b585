import { describe, expect, test } from "bun:test";
import { optional, readConfig } from "../../config.ts";
import { shownAddress, valkeyAddress } from "./valkey-address.ts";

const three = "s1:1,s2,[::1]:3";

describe("the address of a Valkey", () => {
  test("is a server's, with or without scheme, port, login and logical database", () => {
    expect(valkeyAddress("valkey")).toEqual({
      hosts: [{ host: "valkey", port: 6_379 }],
      primary: undefined,
      tls: false,
      username: "",
      password: "",
      database: 0,
      sentinelLogin: undefined,
    });
    expect(valkeyAddress("rediss://board:p%40ss:@word@[::1]:6380/7")).toMatchObject({
      ...{ hosts: [{ host: "::1", port: 6_380 }], tls: true, database: 7 },
      ...{ username: "board", password: "p@ss:@word" },
    });
    expect(valkeyAddress("redis://:50%@valkey/").password).toBe("50%");
  });

  test("is that of sentinels, with the name that they know the primary by", () => {
    expect(valkeyAddress(`redis+sentinel://consumer:secret@${three}/my-valkey.1/2`)).toEqual({
      hosts: [
        { host: "s1", port: 1 },
        { host: "s2", port: 26_379 },
        { host: "::1", port: 3 },
      ],
      ...{ primary: "my-valkey.1", tls: false, database: 2 },
      ...{ username: "consumer", password: "secret", sentinelLogin: undefined },
    });
    expect(valkeyAddress("rediss+sentinel://s1/valkey")).toMatchObject({ tls: true, database: 0 });
  });

  test("may have another login for sentinels, or none", () => {
    const login = (query: string) =>
      valkeyAddress(`redis+sentinel://a:b@s1/valkey?${query}`).sentinelLogin;
    expect(login("sentinelUsername=watch&sentinelPassword=p%26ss")).toEqual({
      ...{ username: "watch", password: "p&ss" },
    });
    expect(login("sentinelPassword=")).toEqual({ username: "", password: "" });
    expect(() => login("timeout=5")).toThrow(
      "must have none but sentinelUsername and sentinelPassword behind its ?",
    );
  });

  test.each([
    "http://valkey:6379",
    "redis://",
    "redis://one,two",
    "redis://valkey:70000",
    "redis://valkey:",
    "redis+sentinel:///valkey",
    "redis+sentinel://s1,,s2/valkey",
  ])("is not %s", (raw) => {
    expect(() => valkeyAddress(raw)).toThrow("must be a Valkey address such as host:6379");
  });

  test("says what is wrong with it", () => {
    expect(() => valkeyAddress("redis+sentinel://s1:1,s2:2")).toThrow(
      "must name what the sentinels watch, such as redis+sentinel://host:26379",
    );
    expect(() => valkeyAddress("redis+sentinel://s1/valkey/0/1")).toThrow("must name what");
    expect(() => valkeyAddress("redis://valkey/one")).toThrow("must have a whole number");
    expect(() => valkeyAddress("redis+sentinel://s1/valkey/-1")).toThrow("must have a whole");
    const many = Array.from({ length: 17 }, (_, i) => `s${i}`).join(",");
    expect(() => valkeyAddress(`redis+sentinel://${many}/valkey`)).toThrow("must have 16 hosts");
  });

  test("is shown without its login", () => {
    const shown = (raw: string) => shownAddress(valkeyAddress(raw));
    expect(shown("redis://a:b@valkey")).toBe("redis://valkey:6379/0");
    expect(shown(`rediss+sentinel://a:b@${three}/valkey?sentinelPassword=c`)).toBe(
      "rediss+sentinel://s1:1,s2:26379,[::1]:3/valkey/0",
    );
  });

  test("that cannot be used is told without its passwords", () => {
    const spec = { VALKEY_SERVICE_URL: optional(valkeyAddress, valkeyAddress("valkey")) };
    const read = (VALKEY_SERVICE_URL: string) => () => readConfig(spec, { VALKEY_SERVICE_URL });
    expect(read("redis+sentinel://a:s3cret@s1/?sentinelPassword=s4cret&x=1")).toThrow(
      'current value is "***@s1/?sentinelPassword=***&x=1"',
    );
  });
});
