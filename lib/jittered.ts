/** A wait of `ms` at most, half of it by chance, so that many clients of one server do not come back in step. */
export function jittered(ms: number): number {
  return ms * (0.5 + Math.random() / 2);
}
