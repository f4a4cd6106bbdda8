import { layers, type Layer } from '../checks/check.js';
import { catalogue, type ErrorCode } from '../errors/catalogue/index.js';
import { probeEntries } from '../errors/catalogue/k8sProbes.js';
import { closest } from '../lab/suggest.js';
import type { Report } from '../report/report.js';
import { select } from '../report/select.js';
import { UsageError } from './usage.js';

/** Takes a report; gives the part of it that was asked for. */
export type Selected = (report: Report) => Report;

interface Wanted {
  layer?: string[] | undefined;
  only?: string[] | undefined;
  skip?: string[] | undefined;
}

/** What --layer, --only and --skip ask for. Throws UsageError for a code that is in no catalogue. */
export function selectionOf(argv: Wanted): Selected {
  const selection = {
    layers: (argv.layer ?? []).filter((name): name is Layer => layers.includes(name as Layer)),
    only: (argv.only ?? []).map(codeOf),
    skip: (argv.skip ?? []).map(codeOf),
  };
  return (report) => select(report, selection);
}

/** Whether pods of our own could find any of what is asked for. */
export function wantsProbes({ layer = [], only = [], skip = [] }: Wanted): boolean {
  const found = Object.keys(probeEntries);
  const codes = (words: readonly string[]): string[] => words.map((word) => word.toUpperCase());
  return (
    (layer.length === 0 || layer.some((name) => probeLayers.includes(name))) &&
    (only.length === 0 || codes(only).some((code) => found.includes(code))) &&
    !found.every((code) => codes(skip).includes(code))
  );
}

/** Layers with checks that ask pods of our own. */
const probeLayers: readonly string[] = ['cni', 'dns', 'data-path', 'workload'] satisfies Layer[];

function codeOf(word: string): ErrorCode {
  const code = word.toUpperCase();
  if (Object.hasOwn(catalogue, code)) return code as ErrorCode;
  const similar = closest(code, Object.keys(catalogue));
  throw new UsageError(`There is no finding called ${word}.`, [
    similar === undefined ? 'All of them:  k8slab explain' : `Did you mean ${similar}?`,
  ]);
}
