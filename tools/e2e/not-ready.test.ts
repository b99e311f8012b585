import { describe, expect, test } from "bun:test";
import { isReady, stateOf } from "./not-ready.ts";
import type { Pod } from "./objects.ts";

function pod(status: Pod["status"], metadata: Partial<Pod["metadata"]> = {}): Pod {
  return { kind: "Pod", metadata: { name: "api", ...metadata }, status };
}

const ready = [{ type: "Ready", status: "True" }];

describe("isReady()", () => {
  test("asks the condition", () => {
    expect(isReady(pod({ phase: "Running", conditions: ready }))).toBe(true);
    expect(isReady(pod({ phase: "Running", conditions: [] }))).toBe(false);
    expect(isReady(pod({ phase: "Pending" }))).toBe(false);
  });

  test("takes a pod that did its work for ready, and one on its way out not", () => {
    expect(isReady(pod({ phase: "Succeeded" }))).toBe(true);
    const leaving = { deletionTimestamp: "2026-01-01T00:00:00Z" };
    expect(isReady(pod({ phase: "Running", conditions: ready }, leaving))).toBe(false);
  });
});

describe("stateOf()", () => {
  test("names why a container waits or ended, and how often it was started", () => {
    const status = {
      phase: "Running",
      containerStatuses: [
        { name: "a", ready: true, restartCount: 0 },
        {
          name: "b",
          ready: false,
          restartCount: 3,
          state: { waiting: { reason: "CrashLoopBackOff" } },
        },
        {
          name: "c",
          ready: false,
          restartCount: 0,
          state: { terminated: { reason: "Error", exitCode: 78 } },
        },
        { name: "d", ready: false, restartCount: 0 },
      ],
    };
    expect(stateOf(pod(status))).toBe(
      "Running; b CrashLoopBackOff, 3 restarts; c Error, code 78; d not ready",
    );
  });

  test("leaves out a container that did its work", () => {
    const done = {
      name: "init",
      ready: false,
      restartCount: 0,
      state: { terminated: { exitCode: 0 } },
    };
    expect(stateOf(pod({ phase: "Pending", initContainerStatuses: [done] }))).toBe("Pending");
  });
});
