/** How a test run ended. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The counts of a JUnit report; a report that is not there or cannot be read counts as one failure. */
export async function readCounts(file: string): Promise<TestCounts> {
  const report = Bun.file(file);
  const xml = (await report.exists()) ? await report.text() : "";
  const root = /<testsuites\b[^>]*>/.exec(xml)?.[0] ?? "";
  const tests = attribute(root, "tests");
  const failed = attribute(root, "failures");
  const skipped = attribute(root, "skipped");
  if (tests === undefined || failed === undefined) return { passed: 0, failed: 1, skipped: 0 };
  return { passed: tests - failed - (skipped ?? 0), failed, skipped: skipped ?? 0 };
}

function attribute(tag: string, name: string): number | undefined {
  const value = new RegExp(`\\b${name}="(\\d+)"`).exec(tag)?.[1];
  return value === undefined ? undefined : Number(value);
}
