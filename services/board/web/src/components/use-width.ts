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
    if (element.value === null) return;
    width.value = element.value.clientWidth;
    observer.observe(element.value);
  });
  onUnmounted(() => observer.disconnect());
  return width;
}
