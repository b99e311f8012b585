import { expect, test } from "bun:test";
import { after, asks, type Connection, retryDelayMs, type Signal, unheard } from "./connection.ts";

/** The connection after these signals, one each second. */
const through = (...signals: readonly Signal[]) =>
  signals.reduce<Connection>((connection, signal, index) => {
    return after(connection, signal, (index + 1) * 1_000);
  }, unheard);

test("a connection is live from the first snapshot on, whatever was before", () => {
  expect(through("snapshot")).toEqual({ phase: "live", failures: 0, freshAtMs: 1_000 });
  expect(through("streamFailed", "streamFailed", "streamFailed", "answered", "snapshot")).toEqual({
    phase: "live",
    failures: 0,
    freshAtMs: 5_000,
  });
});

test("a cut stream is tried again, and what was seen stays as old as it is", () => {
  expect(through("snapshot", "streamFailed")).toEqual({
    phase: "retrying",
    failures: 1,
    freshAtMs: 1_000,
  });
});

test("after three failures the board is asked, and the answers are fresh", () => {
  const cut = through("snapshot", "streamFailed", "streamFailed");
  expect(asks(cut)).toBe(false);
  expect(asks(after(cut, "streamFailed", 0))).toBe(true);
  const polling = through("streamFailed", "streamFailed", "streamFailed", "answered");
  expect(polling).toMatchObject({ phase: "polling", freshAtMs: 4_000 });
  expect(after(polling, "streamFailed", 0).phase).toBe("polling");
});

test("a board that answers in no way is lost, until it answers in any", () => {
  const cut = ["snapshot", "streamFailed", "streamFailed", "streamFailed", "unanswered"] as const;
  expect(through(...cut)).toMatchObject({ phase: "lost", freshAtMs: 1_000 });
  expect(through(...cut, "answered").phase).toBe("polling");
  expect(through(...cut, "snapshot").phase).toBe("live");
});

test("an answer before the stream's first snapshot does not make it live", () => {
  expect(through("answered")).toEqual({ phase: "connecting", failures: 0, freshAtMs: 1_000 });
  expect(through("unanswered")).toEqual(unheard);
});

test("waits grow from one second to thirty and are spread", () => {
  expect([1, 2, 3, 4, 5, 6, 100].map((failures) => retryDelayMs(failures, 1))).toEqual([
    2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
  ]);
  expect([1, 100].map((failures) => retryDelayMs(failures, 0))).toEqual([1_000, 1_000]);
});
