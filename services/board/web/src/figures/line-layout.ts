import { niceTicks } from "./nice-ticks.ts";

/** A point of a line; `x` is a time in milliseconds. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A width and a height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A value of an axis and where it stands, in pixels. */
export interface Tick {
  readonly at: number;
  readonly value: number;
}

/** Where everything of a line chart stands, in pixels from its upper left corner. */
export interface LineLayout {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** For each line its path and its newest point; undefined where a line has no point. */
  readonly lines: readonly ({ readonly path: string; readonly end: Point } | undefined)[];
}

const margin = { left: 44, right: 12, top: 10, bottom: 24 };
const yTicksMax = 4;

/** Lays lines out, each a list of points by rising `x`; undefined where none has a point. */
export function layoutLines(
  lines: readonly (readonly Point[])[],
  { width, height }: Size,
): LineLayout | undefined {
  const all = lines.flat();
  if (all.length === 0) return undefined;
  const [x0, x1] = rangeOf(all.map(({ x }) => x));
  const [yLeast, yGreatest] = rangeOf(all.map(({ y }) => y));
  const ticks = niceTicks(yLeast, yGreatest, yTicksMax);
  const [y0, y1] = rangeOf(ticks);
  const [left, right, bottom] = [margin.left, width - margin.right, height - margin.bottom];
  const toX = (x: number) => (x1 === x0 ? right : left + ((x - x0) / (x1 - x0)) * (right - left));
  const toY = (y: number) => bottom - ((y - y0) / (y1 - y0)) * (bottom - margin.top);
  const moments = x1 === x0 ? [x1] : [x0, (x0 + x1) / 2, x1];
  return {
    left,
    right,
    bottom,
    xTicks: moments.map((value) => ({ at: toX(value), value })),
    yTicks: ticks.map((value) => ({ at: toY(value), value })),
    lines: lines.map((points) => {
      const placed = points.map(({ x, y }) => ({ x: toX(x), y: toY(y) }));
      const end = placed.at(-1);
      return end === undefined ? undefined : { path: pathOf(placed), end };
    }),
  };
}

function pathOf(points: readonly Point[]): string {
  return points
    .map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join("");
}

function rangeOf(numbers: readonly number[]): readonly [number, number] {
  return numbers.reduce(
    ([least, greatest], each) => [Math.min(least, each), Math.max(greatest, each)] as const,
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const,
  );
}
