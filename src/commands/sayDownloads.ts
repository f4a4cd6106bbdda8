import { homedir } from 'node:os';
import type { Assets } from '../assets/manifests.js';
import type { KeptBundle } from '../bundle/modules/kept.js';
import type { WantedPart } from '../plan/downloads.js';
import type { Unreachable } from '../plan/reach.js';
import { duration, roughly } from '../vagrant/progress.js';
import { shellQuote } from '../vagrant/shell.js';
import type { Context } from './context.js';

interface Decision {
  unreachable: readonly Unreachable[];
  bundle: KeptBundle;
  planned: WantedPart;
  /** The CNI that takes the place of the planned one. */
  cni: string | undefined;
}

/** Says which hosts cannot be reached, what that means, and what takes their place. */
export function sayDecision(
  { unreachable, bundle, planned, cni }: Decision,
  assets: Assets,
  context: Context,
): void {
  const { bold, yellow, dim } = context.palette;
  const width = Math.max(...unreachable.map(({ host }) => host.length));
  context.say(`${yellow('!')} ${bold('Machines cannot download from these hosts')}, as this one sees them:`);
  for (const { host, reason } of unreachable) context.say(`    ${host.padEnd(width)}  ${dim(reason)}`);
  const has = `Kubernetes ${bundle.kubernetes}`;
  if (bundle.there) {
    context.say(`  A bundle with ${has} takes their place. It was built here earlier:`);
    context.say(`    ${shownPath(bundle.folder)}`);
  } else {
    context.say(`  A bundle takes their place: ${has} and what it needs, built here from Go modules once`);
    context.say(
      `  and kept for every lab. From nothing it takes about 12 GB of disk, most of it Go’s caches.`,
    );
  }
  if (cni !== undefined) {
    const title = assets.cnis[cni]?.title ?? cni;
    context.say(
      `  ${planned.title} cannot be built from modules: ${title} is this lab’s network instead, and is told`,
    );
    context.say(`  the machines’ addresses by the same rule. NetworkPolicy is not enforced by ${title}.`);
  }
  context.say();
}

/** A part of the work: what it is, and its estimate in seconds. */
export interface Part {
  title: string;
  seconds: number;
  /** Whether it may be found done already. */
  atMost?: boolean;
}

/** Says what is going to happen, with an estimate for each part. */
export function sayParts(parts: readonly Part[], processors: number, context: Context): void {
  const { bold, dim } = context.palette;
  const sum = parts.reduce((total, { seconds }) => total + seconds, 0);
  const host = processors === 1 ? 'one processor' : `${processors} processors`;
  context.say(`${bold('What will be done')}, with ${host} about ${roughly(sum)} in all:`);
  for (const { title, seconds, atMost } of parts)
    context.say(`  - ${title} ${dim(`(${atMost === true ? 'up to' : 'about'} ${roughly(seconds)})`)}`);
  context.say();
}

/** What was done, and how to undo it. */
export interface Deed {
  what: string;
  /** Milliseconds. */
  took: number;
  /** Where it lies, what it is. */
  detail?: string;
  /** Commands, and a word on each where it needs one. */
  undo?: readonly string[];
}

/** A path as a person would write it. */
export function shownPath(path: string, home = homedir()): string {
  return path.startsWith(`${home}/`) ? `~/${shellQuote(path.slice(home.length + 1))}` : shellQuote(path);
}

/** Says what was done, how long each part took, and how to undo it. */
export function sayDeeds(deeds: readonly Deed[], context: Context): void {
  const { bold, dim } = context.palette;
  const sum = deeds.reduce((total, { took }) => total + took, 0);
  const times = deeds.map(({ took }) => duration(took));
  const width = Math.max(...times.map(({ length }) => length));
  context.say(`\n${bold('What was done')}, in ${duration(sum)}:`);
  for (const [index, { what, detail, undo }] of deeds.entries()) {
    context.say(
      `  ${(times[index] ?? '').padStart(width)}  ${what}${detail === undefined ? '' : `: ${detail}`}`,
    );
    for (const line of undo ?? []) context.say(`  ${' '.repeat(width)}  ${dim(`undo: ${line}`)}`);
  }
}
