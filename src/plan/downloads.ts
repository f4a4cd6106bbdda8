import type { PackageFamily } from './cluster.js';
import type { Unreachable } from './reach.js';

/** A part of a lab that is downloaded, as far as building it here instead is concerned. */
export interface WantedPart {
  /** Of its folder: `calico`, `containerd`. */
  name: string;
  title: string;
  /** Absent where the lab's description does not name one. */
  version?: string;
  /** The description names the part itself, so another one cannot take its place. */
  written: boolean;
}

export interface DownloadFacts {
  /** Empty: everything can be had. */
  unreachable: readonly Unreachable[];
  cni: WantedPart;
  runtime: WantedPart;
  /** Packages of the machines' box. */
  family: PackageFamily;
  /** What can be built from Go modules: component to usual version. */
  modules: Readonly<Record<string, string>>;
  /** Why no bundle can be built on this host, each a sentence. */
  obstacles: readonly string[];
  /** The description is the lab folder's own file, which only its person changes. */
  own: boolean;
  /** Machines of the lab are there already: nothing of it may be exchanged. */
  made: boolean;
  /** A bundle that would be built is there from an earlier time. */
  kept: boolean;
  /** `--setup` */
  setup: boolean;
  /** `--yes` */
  yes: boolean;
  /** Whether a person can be asked. */
  canAsk: boolean;
}

/** Where a lab's machines get what they download. `cni` takes the place of the one planned. */
export type Downloads =
  | { from: 'hosts' }
  | { from: 'modules'; cni?: string; ask: boolean }
  /** `possible`: it would work with --setup. */
  | { from: 'nowhere'; why: readonly string[]; possible: boolean };

/** The network that can be built everywhere and needs nothing of its kernel. */
export const substitute = 'flannel';

/**
 * Decides where the downloads of a lab come from. Hosts that can be reached are used; else a bundle is built from Go modules where
 * everything the lab insists on can be built, and somebody allowed it: `--setup`, or an answer on the terminal. One that was
 * built before takes no allowance.
 */
export function decideDownloads(facts: DownloadFacts): Downloads {
  const { unreachable, cni, runtime, modules, made, kept, setup, yes, canAsk } = facts;
  if (unreachable.length === 0) return { from: 'hosts' };
  const exchangeable = !cni.written && !(cni.name in modules) && substitute in modules;
  const exchanged = exchangeable && !facts.own;
  const why = [
    ...(made
      ? ['Machines of the lab were made from downloads already, and others do not go with them.']
      : []),
    ...(facts.family === 'apt' ? [] : ['Packages built here are Debian’s, and the box takes others.']),
    ...(exchanged ? [] : lacks(cni, modules)),
    ...(exchangeable && facts.own ? [`${substitute} can: write \`cni: ${substitute}\` into lab.yaml.`] : []),
    ...lacks(runtime, modules),
    ...(kept ? [] : facts.obstacles),
  ];
  if (why.length > 0) return { from: 'nowhere', why, possible: false };
  if (!kept && !setup && (yes || !canAsk)) return { from: 'nowhere', why: [], possible: true };
  const ask = !kept && canAsk && !yes;
  return { from: 'modules', ask, ...(exchanged && { cni: substitute }) };
}

function lacks({ name, title, version }: WantedPart, modules: DownloadFacts['modules']): string[] {
  const own = modules[name];
  if (own === undefined) return [`${title} cannot be built from Go modules.`];
  if (version === undefined || version === own) return [];
  return [`${title} ${version} is asked for, and ${own} is what can be built from Go modules.`];
}
