import { arc, type PieArcDatum, pie } from "d3-shape";

const radius = 50;

/** In the order that they come in, clockwise from above. */
const angles = pie<number>().sort(null);
const slice = arc<PieArcDatum<number>>().innerRadius(0).outerRadius(radius).digits(2);

/** The paths of a pie's slices around the origin with radius 50, clockwise from above. */
export function pieSlices(shares: readonly number[]): readonly string[] {
  return angles([...shares]).map((each) => slice(each) ?? "");
}
