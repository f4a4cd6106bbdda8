import { K8slabError, K8slabErrors, type Place } from '../errors/error.js';
import type { ErrorCode } from '../errors/catalogue/index.js';
import type { LabSource } from '../lab/lab.js';
import type { PlanNote } from './cluster.js';

export interface About {
  /** Value paths of the lab, most exact first; the first one that was written is pointed at. */
  paths?: string[];
  fix?: string[];
}

/** Collects what is wrong with a plan, so that everything is reported at once, and what is worth a note. */
export class Problems {
  readonly notes: PlanNote[] = [];
  private readonly found: K8slabError[] = [];

  constructor(private readonly source: LabSource) {}

  add(code: ErrorCode, message: string, { paths = [], fix }: About = {}): void {
    const where = placeOf(this.source, paths);
    this.found.push(new K8slabError(code, message, { ...(where && { where }), ...(fix && { fix }) }));
  }

  note(code: ErrorCode, message: string): void {
    this.notes.push({ code, message });
  }

  /** Throws K8slabErrors with everything added so far, if anything was. */
  throwIfAny(): void {
    if (this.found.length > 0) throw new K8slabErrors(this.found);
  }
}

/** Where the first of these values, or its nearest written parent, stands in the lab file. */
function placeOf(source: LabSource, paths: readonly string[]): Place | undefined {
  for (const written of [...paths, ...paths.flatMap(parents)]) {
    const position = source.positions[written];
    if (position === undefined) continue;
    const text = source.text.split(/\r?\n/)[position.line - 1] ?? '';
    return { file: source.file, text, ...position };
  }
  return undefined;
}

/** `workers.machines.0.name` gives `workers.machines.0`, `workers.machines`, `workers`. */
function parents(path: string): string[] {
  const parts = path.split('.');
  return parts.slice(1).map((_, index) => parts.slice(0, parts.length - 1 - index).join('.'));
}
