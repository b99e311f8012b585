import type { FieldForm } from "../model/field-form.ts";
import { wireField } from "../model/wire.ts";

/** A good body that generators hardly ever make, to be sent under a key that has had another. */
export function otherJson(forms: readonly FieldForm[]): Uint8Array {
  const members = forms.map((form) => [form.name, otherValue(form)] as const);
  return Buffer.from(JSON.stringify(Object.fromEntries(members)));
}

/** The same as protobuf has it. */
export function otherWire(forms: readonly FieldForm[]): Uint8Array {
  return Buffer.concat(forms.map((form) => wireField(form.number, otherValue(form))));
}

function otherValue(form: FieldForm): number | string {
  switch (form.kind) {
    case "whole":
      return Math.floor((form.min + form.max) / 2) + 7;
    case "word":
      return Math.max(...form.taken);
    case "text":
      return `other ${form.name}`;
  }
}
