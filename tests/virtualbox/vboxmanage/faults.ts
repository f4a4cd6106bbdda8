// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import { readFileSync } from 'node:fs';
import type { Store } from './store.js';

/** Breakages that a test can ask for, each by its name. */
export const faultNames = [
  'no-vtx',
  'no-amd-v',
  'hyper-v',
  'kvm-in-use',
  'no-vboxdrv',
  'no-vboxnetctl',
  'hostonlyif-fails',
  'aborted',
  'gurumeditation',
  'disk-full',
  'no-memory',
  'no-ssh',
  'hang',
  'too-new',
  'not-installed-right',
] as const;

export type FaultName = (typeof faultNames)[number];

/**
 * The breakages asked for: lines of the file `faults` in the state folder, or words of VBOXMANAGE_FAULTS. A name may carry
 * what it is about: `hang:startvm`.
 */
export class Faults {
  private readonly wanted: Map<string, string>;

  constructor(store: Store, env: Readonly<Record<string, string | undefined>>) {
    const words = `${textOf(store.path('faults'))} ${env.VBOXMANAGE_FAULTS ?? ''}`
      .split(/\s+/)
      .filter(Boolean);
    this.wanted = new Map(
      words.map((word) => {
        const [name = '', about = ''] = word.split(':');
        if (!faultNames.some((known) => known === name)) throw new Error(`no such fault: ${name}`);
        return [name, about];
      }),
    );
  }

  has(name: FaultName): boolean {
    return this.wanted.has(name);
  }

  /** Whether the fault is wanted for this subcommand; one without a subcommand is for all. */
  hits(name: FaultName, subcommand: string): boolean {
    const about = this.wanted.get(name);
    return about === '' || about === subcommand;
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
