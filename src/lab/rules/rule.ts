import type { Assets } from '../../assets/manifests.js';
import { parseCidr, type Cidr } from '../cidr.js';
import type { Finding } from '../findings.js';
import type { Lab, LabNetworking } from '../lab.js';

/** What a rule may look at: the lab with its defaults, and what of it was written. */
export interface RuleInput {
  lab: Lab;
  assets: Assets;
  /** The file's content as plain values, before defaults. */
  value: unknown;
  /** Whether the file (or `--set`) has this value. */
  isWritten: (path: string) => boolean;
}

/** One thing that must hold. Pure; it is skipped when a value it reads was already found wrong. */
export interface Rule {
  reads: readonly string[];
  check(input: RuleInput): Finding[];
}

export type RangeKey = 'hostOnlySubnet' | 'podSubnet' | 'serviceSubnet';
export const rangeKeys: readonly RangeKey[] = ['hostOnlySubnet', 'podSubnet', 'serviceSubnet'];

export const networkingPath = (key: keyof LabNetworking): string => `networking.${key}`;

/** A range of the lab, when it is written as one (`auto` is not). */
export function rangeOf(lab: Lab, key: RangeKey): Cidr | undefined {
  return parseCidr(lab.networking[key]);
}
