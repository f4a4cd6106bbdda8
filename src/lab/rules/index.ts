import { isWithin, type Finding } from '../findings.js';
import { addressRules } from './addresses.js';
import { boxRules } from './box.js';
import { loadBalancingRules } from './loadBalancing.js';
import { nameRules } from './names.js';
import { networkRules } from './network.js';
import { podRangeRules } from './podRange.js';
import { rangeRules } from './ranges.js';
import { roleRules } from './roles.js';
import type { Rule, RuleInput } from './rule.js';
import { sizeRules } from './sizes.js';
import { stringRules } from './strings.js';
import { versionRules } from './versions.js';

/** Everything that must hold in a lab beyond its shape. A new rule is one more entry of its file's list. */
const rules: readonly Rule[] = [
  ...stringRules,
  ...nameRules,
  ...versionRules,
  ...boxRules,
  ...rangeRules,
  ...podRangeRules,
  ...networkRules,
  ...addressRules,
  ...loadBalancingRules,
  ...roleRules,
  ...sizeRules,
];

/** Runs the rules whose values are sound; `blocked` are paths found wrong already. */
export function runRules(input: RuleInput, blocked: readonly string[]): Finding[] {
  return rules
    .filter(
      ({ reads }) => !reads.some((read) => blocked.some((bad) => isWithin(bad, read) || isWithin(read, bad))),
    )
    .flatMap((rule) => rule.check(input));
}
