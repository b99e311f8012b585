import { fromBinary } from "@bufbuild/protobuf";
import { AnySchema, anyUnpack } from "@bufbuild/protobuf/wkt";
import { ViolationsSchema } from "../../../gen/buf/validate/validate_pb.ts";

/** The fields that `buf.validate.Violations` names in the bytes of `grpc-status-details-bin`, if there are any. */
export function violationsIn(status: Uint8Array): readonly string[] {
  const start = Buffer.from(status).indexOf("type.googleapis.com/buf.validate.Violations");
  if (start < 0) return [];
  // Back over the name's length and tag to where the Any begins.
  const any = fromBinary(AnySchema, status.subarray(start - 2));
  const { violations } = anyUnpack(any, ViolationsSchema) ?? { violations: [] };
  return violations.flatMap(({ field }) => field?.elements.map(({ fieldName }) => fieldName) ?? []);
}
