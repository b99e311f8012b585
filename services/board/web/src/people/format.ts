import type { Column } from "../../../../../lib/pipeline/view.ts";
import { numberOf } from "../figures/read-state.ts";

/** Writes numbers and times as people of a locale do. */
export interface Format {
  number(value: number): string;
  /** To two or three places, for where there is no room. */
  compact(value: number): string;
  /** A share from 0 to 1 as a percentage. */
  share(value: number): string;
  /** With at most two decimals, and its unit behind it. */
  measure(value: number, unit: string | undefined): string;
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
  const number = new Intl.NumberFormat(locale);
  const compact = new Intl.NumberFormat(locale, { notation: "compact" });
  const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const measure = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const zone = timeZone === undefined ? {} : { timeZone };
  const time = new Intl.DateTimeFormat(locale, { timeStyle: "medium", ...zone });
  const dateTime = new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "medium",
    ...zone,
  });
  const withUnit = (value: number, unit: string | undefined) =>
    unit === undefined ? measure.format(value) : `${measure.format(value)}\u{a0}${unit}`;
  return {
    number: (value) => number.format(value),
    compact: (value) => compact.format(value),
    share: (value) => share.format(value),
    measure: withUnit,
    time: (ms) => time.format(ms),
    dateTime: (ms) => dateTime.format(ms),
    cell: (value, { as, unit }) => {
      const moment = as === "time" ? momentOf(value) : undefined;
      if (moment !== undefined) return dateTime.format(moment);
      const counted = as === "number" ? numberOf(`${value}`) : undefined;
      if (counted !== undefined) return withUnit(counted, unit);
      return `${value ?? ""}`;
    },
  };
}
