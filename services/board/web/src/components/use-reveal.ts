import { onUnmounted, type ShallowRef, shallowRef, watch } from "vue";

/**
 * How many of the parts of something are drawn: one at first, one more with each frame, and without end when all are, so that
 * parts which come later are drawn at once. All together would hold up the page for as long as all of them take.
 *
 * @param parts - how many there are; undefined while there is nothing to draw
 */
export function useReveal(parts: () => number | undefined): Readonly<ShallowRef<number>> {
  const shown = shallowRef(1);
  let frame: number | undefined;
  const next = () => {
    frame = requestAnimationFrame(() => {
      shown.value = shown.value + 1 < (parts() ?? 0) ? shown.value + 1 : Number.POSITIVE_INFINITY;
      if (Number.isFinite(shown.value)) next();
    });
  };
  watch(
    () => parts() !== undefined,
    (ready) => {
      if (ready && frame === undefined) next();
    },
    { immediate: true },
  );
  onUnmounted(() => {
    if (frame !== undefined) cancelAnimationFrame(frame);
  });
  return shown;
}
