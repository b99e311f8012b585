import { Counter, Gauge, type Registry } from "prom-client";
import { metricNames } from "../metrics.ts";
import { type Admission, type AdmissionOptions, createAdmission } from "./admission.ts";

/** Makes a process's admission, which tells in `registry` what it lets in and how much may be in flight. */
export function meteredAdmission(
  registry: Registry,
  pipeline: string,
  options: Omit<AdmissionOptions, "onAdmitted">,
): Admission {
  const registers = [registry];
  const labelNames = ["pipeline"];
  const admitted = new Counter({
    name: metricNames.admitted,
    help: "Events that the doors let in.",
    labelNames,
    registers,
  }).labels({ pipeline });
  const admission = createAdmission({ ...options, onAdmitted: () => admitted.inc() });
  new Gauge({
    name: metricNames.inFlightLimit,
    help: "Events that may be in flight at one time, by how those before them fared.",
    labelNames,
    registers,
    collect() {
      this.set({ pipeline }, admission.inFlight.limit);
    },
  });
  new Gauge({
    name: metricNames.inFlight,
    help: "Events in flight.",
    labelNames,
    registers,
    collect() {
      this.set({ pipeline }, admission.inFlight.inFlight);
    },
  });
  return admission;
}
