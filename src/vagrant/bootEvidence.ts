import { readFileSync, rmSync } from 'node:fs';
import { logFile, type LabContext } from './lab.js';

/** What a provider writes down about a boot elsewhere than on the terminal. */
export interface BootEvidence {
  env: Record<string, string>;
  /** Its lines that matter, for a boot that failed. */
  read: () => string;
}

/**
 * lxc: vagrant-lxc says only that lxc-start failed; the reason, and what our hooks said, is in lxc-start's own
 * log, which this variable asks for.
 */
export function bootEvidence(lab: LabContext, machine: string): BootEvidence {
  if (lab.cluster.provider !== 'lxc') return { env: {}, read: () => '' };
  const file = logFile(lab, `${machine}.lxc`);
  rmSync(file, { force: true });
  return { env: { LXC_START_LOG_FILE: file }, read: () => lxcErrors(readText(file)) };
}

/** Lines of our hooks, then errors, without lxc's place and time. */
export function lxcErrors(log: string): string {
  const lines = log.split('\n');
  const ours = lines.flatMap((line) => /\bk8slab: .*/.exec(line)?.[0] ?? []);
  const errors = lines.flatMap((line) => {
    const match = /^lxc-start \S+ \S+ ERROR +\S+ - \S+ - (.*)$/.exec(line);
    return match === null ? [] : [`lxc-start: ${match[1] ?? ''}`];
  });
  return [...ours, ...errors.slice(0, 8)].join('\n');
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
