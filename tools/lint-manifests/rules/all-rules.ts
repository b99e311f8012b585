import { containerRules } from "./containers.ts";
import { environmentRules } from "./environment.ts";
import { formRules } from "./form.ts";
import { hostRules } from "./host.ts";
import { networkRules } from "./network.ts";
import { podRules } from "./pods.ts";
import { portRules } from "./ports.ts";
import { rightsRules } from "./rights.ts";
import type { Rule } from "./rule.ts";
import { scalingRules } from "./scaling.ts";
import { serviceRules } from "./services.ts";
import { workloadRules } from "./workloads.ts";

/**
 * The built-in checks of kube-linter that have objects here, as rules of ours under its names. What it called a check
 * before, or would only check with parameters of the user's, is not among them.
 */
export const allRules: readonly Rule[] = [
  ...containerRules,
  ...environmentRules,
  ...formRules,
  ...hostRules,
  ...networkRules,
  ...podRules,
  ...portRules,
  ...rightsRules,
  ...scalingRules,
  ...serviceRules,
  ...workloadRules,
];
