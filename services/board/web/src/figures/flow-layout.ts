import { area, curveBumpX } from "d3-shape";
import type { Ledger } from "../../../../../lib/ledger/ledger.ts";
import { type Outcome, outcomesOf } from "./outcomes.ts";

/** A bar of the flow with the place of the label above it, in pixels. */
export interface FlowNode {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly count: number;
}

/** What a bar stands for: everything received, a lane, or what became of deliveries. */
export interface Flow {
  readonly width: number;
  readonly height: number;
  readonly received: FlowNode;
  readonly lanes: readonly (FlowNode & { readonly lane: string })[];
  readonly outcomes: readonly (FlowNode & { readonly outcome: Outcome })[];
  /** As wide as what they stand for; what has no deliveries has none. */
  readonly ribbons: readonly { readonly path: string; readonly outcome: Outcome | undefined }[];
}

/** How wide a bar is, and the room above each for its label. */
export const barWidth = 12;
const labelHeight = 24;
/** So that a single delivery among millions is seen. */
const leastHeight = 3;

/** Lays out how deliveries flow from where they were received through lanes to what became of them. */
export function layoutFlow(ledger: Ledger, width: number): Flow {
  const lanes = Object.entries(ledger.lanes);
  const all = outcomesOf(ledger);
  const height = Math.max(180, labelHeight + all.length * (labelHeight + 22));
  const columns = [[ledger.accepted], lanes.map(([, { published }]) => published), all.map(sum)];
  const unit = pixelsPerDelivery(columns, height);
  const place = (x: number, counts: readonly number[]) => stack(x, counts, { unit, height });
  const [first = [], second = [], third = []] = columns.map((counts, index) =>
    place((index * (width - barWidth)) / 2, counts),
  );
  const received = first[0] ?? { x: 0, y: 0, height: 0, count: 0 };
  const out = outflow(lanes.length, second, unit);
  return {
    width,
    height,
    received,
    lanes: second.map((node, index) => ({ ...node, lane: lanes[index]?.[0] ?? "" })),
    outcomes: third.map((node, index) => ({ ...node, outcome: all[index]?.outcome ?? "applied" })),
    ribbons: [
      ...intoLanes(received, second, unit),
      ...all.flatMap(({ outcome, counts }, index) => {
        let y = third[index]?.y ?? 0;
        return counts.flatMap((count, lane) => {
          if (count === 0) return [];
          const from = out(lane, count);
          const to = { x: third[index]?.x ?? 0, y };
          y += count * unit;
          return [{ path: ribbon(from, to, count * unit), outcome }];
        });
      }),
    ],
  };
}

function sum({ counts }: { readonly counts: readonly number[] }): number {
  return counts.reduce((all, count) => all + count, 0);
}

/** So that the fullest column fits. */
function pixelsPerDelivery(columns: readonly (readonly number[])[], height: number): number {
  const units = columns.map((counts) => {
    const total = counts.reduce((all, count) => all + count, 0);
    return (height - counts.length * (labelHeight + leastHeight)) / Math.max(1, total);
  });
  return Math.min(...units);
}

/** Bars below each other, spread over the height. */
function stack(
  x: number,
  counts: readonly number[],
  { unit, height }: { readonly unit: number; readonly height: number },
): readonly FlowNode[] {
  const heights = counts.map((count) => Math.max(leastHeight, count * unit));
  const used = heights.reduce((all, each) => all + each + labelHeight, 0);
  const gap = counts.length > 1 ? (height - used) / (counts.length - 1) : 0;
  let y = 0;
  return counts.map((count, index) => {
    const node = { x, y: y + labelHeight, height: heights[index] ?? 0, count };
    y = node.y + node.height + gap;
    return node;
  });
}

/** Where the next ribbon leaves a lane's bar: below the one before. */
function outflow(lanes: number, nodes: readonly FlowNode[], unit: number) {
  const left = Array.from({ length: lanes }, (_, index) => nodes[index]?.y ?? 0);
  return (lane: number, count: number) => {
    const y = left[lane] ?? 0;
    left[lane] = y + count * unit;
    return { x: (nodes[lane]?.x ?? 0) + barWidth, y };
  };
}

function intoLanes(received: FlowNode, lanes: readonly FlowNode[], unit: number) {
  let y = received.y;
  return lanes.flatMap((lane) => {
    const from = { x: received.x + barWidth, y };
    y += lane.count * unit;
    if (lane.count === 0) return [];
    return [{ path: ribbon(from, lane, lane.count * unit), outcome: undefined }];
  });
}

type Corner = Readonly<Record<"x" | "y", number>>;

const band = area<Corner & { readonly height: number }>()
  .x(({ x }) => x)
  .y0(({ y }) => y)
  .y1(({ y, height }) => y + height)
  .curve(curveBumpX)
  .digits(1);

/** A band that leaves and arrives level. */
function ribbon(from: Corner, to: Corner, height: number): string {
  const ends = [from, to].map((end) => ({ ...end, height: Math.max(1, height) }));
  return band(ends) ?? "";
}
