import type { Column } from "../../../../../lib/pipeline/view.ts";
import { numberOf } from "../figures/read-state.ts";

/** Writes numbers and times as people of a locale do. */
export interface Format {
  number(value: number): string;
  /** To two or three places, for where there is no room. */
  compact(value: number): string;
  /** A share from 0 to 1 as a percentage with one decimal. */
  share(value: number): string;
  /** With its unit behind it. @param decimals - exactly so many. @default two at most */
  measure(value: number, unit: string | undefined, decimals?: number): string;
  /** The time of day, to the second. */
  time(ms: number): string;
  dateTime(ms: number): string;
  /** A column's value; what is not what the column says is shown as it is. */
  cell(value: string | number | undefined, column: Pick<Column, "as" | "unit">): string;
}

/** The moment that a value of a time column stands for, in milliseconds; undefined where it stands for none. */
export function momentOf(value: string | number | undefined): number | undefined {
  const ms = typeof value === "number" ? value : (numberOf(value) ?? Date.parse(value ?? ""));
  return Math.abs(ms) <= latestMs ? ms : undefined;
}

/** The last moment that dates have. */
const latestMs = 8_640_000_000_000_000;

/** @param timeZone - IANA's name. @default the machine's */
export function createFormat(locale: string, timeZone?: string): Format {
  const zone = timeZone === undefined ? {} : { timeZone };
  const numbers = (options?: Intl.NumberFormatOptions) =>
    onDemand(() => new Intl.NumberFormat(locale, options));
  const times = (options: Intl.DateTimeFormatOptions) =>
    onDemand(() => new Intl.DateTimeFormat(locale, { ...options, ...zone }));
  const number = numbers();
  const compact = numbers({ notation: "compact" });
  const share = numbers({ style: "percent", ...exactly(1) });
  const measure = numbers({ maximumFractionDigits: 2 });
  const time = times({ timeStyle: "medium" });
  const dateTime = times({ dateStyle: "medium", timeStyle: "medium" });
  const exact = new Map<number, () => Intl.NumberFormat>();
  const measureOf = (decimals: number | undefined) => {
    if (decimals === undefined) return measure();
    const format = exact.get(decimals) ?? numbers(exactly(decimals));
    exact.set(decimals, format);
    return format();
  };
  const withUnit = (value: number, unit: string | undefined, decimals?: number) => {
    const text = measureOf(decimals).format(value);
    return unit === undefined ? text : `${text}\u{a0}${unit}`;
  };
  return {
    number: (value) => number().format(value),
    compact: (value) => compact().format(value),
    share: (value) => share().format(value),
    measure: withUnit,
    time: (ms) => time().format(ms),
    dateTime: (ms) => dateTime().format(ms),
    cell: (value, { as, unit }) => {
      const moment = as === "time" ? momentOf(value) : undefined;
      if (moment !== undefined) return dateTime().format(moment);
      const counted = as === "number" ? numberOf(`${value}`) : undefined;
      if (counted !== undefined) return withUnit(counted, unit);
      return `${value ?? ""}`;
    },
  };
}

/** Made when it is first needed: a formatter takes milliseconds to make. */
function onDemand<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function exactly(decimals: number): Intl.NumberFormatOptions {
  return { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
}
