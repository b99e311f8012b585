/** How many decimals numbers of one column need so that none is rounded, `most` at most. */
export function decimalsOf(numbers: readonly number[], most: number): number {
  let decimals = 0;
  while (decimals < most && !numbers.every((number) => isRound(number, decimals))) decimals++;
  return decimals;
}

function isRound(number: number, decimals: number): boolean {
  return Number(number.toFixed(decimals)) === number;
}
