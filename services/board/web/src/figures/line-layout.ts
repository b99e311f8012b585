import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";

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
const xTicksMax = 3;
/** What a time of day takes in any language, with some room beside it. */
const timePx = 96;

/** Lays lines out, each a list of points by rising `x`; undefined where none has a point. */
export function layoutLines(
  lines: readonly (readonly Point[])[],
  { width, height }: Size,
): LineLayout | undefined {
  const all = lines.flat();
  if (all.length === 0) return undefined;
  const [x0, x1] = rangeOf(all.map(({ x }) => x));
  const [left, right, bottom] = [margin.left, width - margin.right, height - margin.bottom];
  const times = scaleLinear([x0, x1], [left, right]);
  const toX = (x: number) => (x1 === x0 ? right : times(x));
  const toY = scaleLinear(widened(rangeOf(all.map(({ y }) => y))), [bottom, margin.top]).nice(
    yTicksMax,
  );
  const moments = momentsOf(x0, x1, Math.floor((right - left) / timePx));
  return {
    left,
    right,
    bottom,
    xTicks: moments.map((value) => ({ at: toX(value), value })),
    yTicks: toY.ticks(yTicksMax).map((value) => ({ at: toY(value), value })),
    lines: lines.map((points) => {
      const placed = points.map(({ x, y }) => ({ x: toX(x), y: toY(y) }));
      const end = placed.at(-1);
      return end === undefined ? undefined : { path: pathOf(placed) ?? "", end };
    }),
  };
}

/** As many moments as there is room for, three at most, evenly spread from the first to the last. */
function momentsOf(first: number, last: number, room: number): readonly number[] {
  const steps = Math.min(xTicksMax, room) - 1;
  if (first === last || steps < 1) return [last];
  return Array.from({ length: steps + 1 }, (_, step) => first + ((last - first) * step) / steps);
}

const pathOf = line<Point>(
  ({ x }) => x,
  ({ y }) => y,
).digits(1);

/** A range of one value has no height. */
function widened([least, greatest]: readonly [number, number]): [number, number] {
  return least === greatest ? [least - 1, greatest + 1] : [least, greatest];
}

function rangeOf(numbers: readonly number[]): readonly [number, number] {
  return numbers.reduce(
    ([least, greatest], each) => [Math.min(least, each), Math.max(greatest, each)] as const,
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const,
  );
}
