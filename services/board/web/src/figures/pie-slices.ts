const radius = 50;

/** The paths of a pie's slices around the origin with radius 50, clockwise from above; shares add up to 1. */
export function pieSlices(shares: readonly number[]): readonly string[] {
  let before = 0;
  return shares.map((share) => {
    const from = before;
    before += share;
    return slice(from, before);
  });
}

function slice(from: number, to: number): string {
  // A whole circle begins where it ends, which an arc cannot.
  if (to - from > 0.999_99) return `M0 ${-radius}A${arc(0)} 0 ${radius}A${arc(0)} 0 ${-radius}Z`;
  return `M0 0L${at(from)}A${arc(to - from)} ${at(to)}Z`;
}

function arc(share: number): string {
  return `${radius} ${radius} 0 ${share > 0.5 ? 1 : 0} 1`;
}

function at(share: number): string {
  const angle = share * 2 * Math.PI;
  return `${(radius * Math.sin(angle)).toFixed(2)} ${(-radius * Math.cos(angle)).toFixed(2)}`;
}
