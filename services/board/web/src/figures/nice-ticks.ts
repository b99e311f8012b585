/** What divisions may be off by. */
const tiny = 1e-9;

/** Round numbers that cover a range: at most `countMax` + 2 of them, evenly spaced by 1, 2 or 5 times a power of ten. */
export function niceTicks(least: number, greatest: number, countMax: number): readonly number[] {
  const [from, to] = least === greatest ? [least - 1, greatest + 1] : [least, greatest];
  const rough = (to - from) / countMax;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((each) => each * power >= rough) ?? 10);
  // 0.11 / 0.01 is a little less than 11.
  const [first, last] = [Math.floor(from / step + tiny), Math.ceil(to / step - tiny)];
  const decimals = Math.max(0, -Math.floor(Math.log10(step)));
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toFixed(decimals)),
  );
}
