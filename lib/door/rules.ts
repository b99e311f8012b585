import type { DescMessage, Message } from "@bufbuild/protobuf";
import { pathToString } from "@bufbuild/protobuf/reflect";
import { createValidator, type Violation } from "@bufbuild/protovalidate";
import type { FieldFault } from "./field-fault.ts";
import { expectedOf } from "./field-reader.ts";

// One for the process: it plans the rules of a message once and keeps the plan.
const validator = createValidator();

/**
 * Every rule of the proto that a message breaks.
 *
 * @throws Error where the rules themselves cannot be evaluated.
 */
export function violationsOf(schema: DescMessage, message: Message): readonly Violation[] {
  const result = validator.validate(schema, message);
  if (result.kind === "error") throw result.error;
  return result.kind === "valid" ? [] : result.violations;
}

/** A broken rule in words that fit every door. */
export function faultOf({ field, message }: Violation): FieldFault {
  const last = field.at(-1);
  const expected =
    last?.kind === "field" && last.fieldKind === "enum" ? expectedOf(last.enum) : message;
  return { field: pathToString(field), message: expected };
}
