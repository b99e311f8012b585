const units: Readonly<Record<string, number>> = {
  ...{ ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 },
};

/**
 * Milliseconds from a text such as `90s`, `2h` or `7d`.
 *
 * @throws Error where it is none.
 */
export function durationMs(option: string, text: string): number {
  const [, number, unit = ""] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  const factor = units[unit];
  if (number !== undefined && factor !== undefined) return Number(number) * factor;
  throw new Error(
    `${option} must be a time such as 90s, 15m, 2h or 7d: current value is "${text}"`,
  );
}
