import type { Operation, Scalar } from "../pipeline/operation.ts";

/** The most fields of one hash or stream entry that one operation writes. */
export const fieldsMax = 1_000;

/** Why no store could run this operation; undefined where one could. */
export function operationFault(operation: Operation): string | undefined {
  switch (operation.op) {
    case "count":
    case "countField":
      return undefined;
    case "sum":
    case "min":
    case "max":
      return numberFault(operation.value);
    case "setHash":
      return fieldsFault(operation.fields) ?? ttlFault(operation.ttlMs);
    case "setValue":
      return ttlFault(operation.ttlMs);
    case "append":
      return fieldsFault(operation.fields) ?? lengthFault(operation.maxLength);
    case "push":
      return (
        scalarFault(operation.value) ??
        lengthFault(operation.maxLength) ??
        ttlFault(operation.ttlMs)
      );
  }
}

function numberFault(value: number): string | undefined {
  if (Number.isSafeInteger(value)) return undefined;
  return `a number must be whole and within ±2^53: current value is ${value}`;
}

function scalarFault(value: Scalar): string | undefined {
  return typeof value === "string" ? undefined : numberFault(value);
}

function fieldsFault(fields: Readonly<Record<string, Scalar>>): string | undefined {
  let count = 0;
  for (const field in fields) {
    const fault = scalarFault(fields[field] ?? "");
    if (fault !== undefined) return fault;
    count++;
  }
  if (count > 0 && count <= fieldsMax) return undefined;
  return `there must be 1 to ${fieldsMax} fields: current value is ${count}`;
}

function lengthFault(maxLength: number): string | undefined {
  if (Number.isSafeInteger(maxLength) && maxLength > 0) return undefined;
  return `maxLength must be a whole number above 0: current value is ${maxLength}`;
}

function ttlFault(ttlMs: number | undefined): string | undefined {
  if (ttlMs === undefined || (Number.isSafeInteger(ttlMs) && ttlMs > 0)) return undefined;
  return `ttlMs must be a whole number above 0: current value is ${ttlMs}`;
}
