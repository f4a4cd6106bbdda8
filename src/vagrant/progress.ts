import type { K8slabError } from '../errors/error.js';

/** What a machine (or the box being built) is doing. */
export type Phase = 'waiting' | 'build' | 'boot' | 'connect' | 'provision' | 'halt' | 'destroy' | 'reset';

/** Something worth showing. `row` is a machine's name, or `box`. */
export type ProgressEvent =
  | { type: 'begin'; rows: readonly string[] }
  | { type: 'phase'; row: string; phase: Phase }
  | { type: 'step'; row: string; number: number; total: number; title: string }
  | { type: 'output'; row: string; line: string }
  | { type: 'done'; row: string; summary: string }
  | { type: 'failed'; row: string; error: K8slabError }
  | { type: 'note'; text: string }
  | { type: 'end' };

/** Shows progress; never throws, never decides. Between `begin` and `end` lies one piece of long work. */
export type Reporter = (event: ProgressEvent) => void | Promise<void>;

/** `47 s`, `3 min 05 s` */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** An estimate promises no seconds: `8 s`, `40 s`, `16 min`. */
export function roughly(seconds: number): string {
  if (seconds < 15) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 55 ? `${Math.round(seconds / 10) * 10} s` : `${Math.max(1, Math.round(seconds / 60))} min`;
}

/** What a row says besides its name: `provision: step 4/9 Install containerd`. */
export function describe(phase: Phase, step?: { number: number; total: number; title: string }): string {
  return step === undefined ? phase : `${phase}: step ${step.number}/${step.total} ${step.title}`;
}

/** `==> step 4/9 Install containerd`, as a provisioner prints it. */
export function parseStep(line: string): { number: number; total: number; title: string } | undefined {
  const match = /^==> step (\d+)\/(\d+) (.*)$/.exec(line);
  if (match === null) return undefined;
  return { number: Number(match[1]), total: Number(match[2]), title: match[3] ?? '' };
}

/** An error's sentence without the row's name in front: the row says it already. */
export function failureText(row: string, error: K8slabError): string {
  return error.message.startsWith(`${row}: `) ? error.message.slice(row.length + 2) : error.message;
}
