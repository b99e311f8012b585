import { onMounted, onUnmounted, type Ref, type ShallowRef, shallowRef } from "vue";

/** What a drawing is as wide as before its place was measured: the narrowest phone. */
const firstPx = 280;

/** The width of an element's content in pixels, as it changes. */
export function useWidth(element: Readonly<Ref<HTMLElement | null>>): Readonly<ShallowRef<number>> {
  const width = shallowRef(firstPx);
  const observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined) width.value = Math.floor(entry.contentRect.width);
  });
  onMounted(() => {
    // It tells the width once everything is laid out; to ask for it here would lay out the page for each drawing.
    if (element.value !== null) observer.observe(element.value);
  });
  onUnmounted(() => observer.disconnect());
  return width;
}
