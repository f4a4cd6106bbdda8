// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import { linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, ownProcess, type Process } from './processes.js';
import { emptyState, type State } from './state.js';

/** One folder, one document, one lock: what VBoxSVC is to VirtualBox. */
export class Store {
  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  path(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  /** The state now. Writing replaces the document whole, so nobody reads half of one. */
  read(): State {
    try {
      return JSON.parse(readFileSync(this.path('state.json'), 'utf8')) as State;
    } catch (error) {
      if (isCode(error, 'ENOENT')) return emptyState();
      throw error;
    }
  }

  /** Changes the state while nobody else does. When `change` throws, nothing is changed. */
  async update<T>(change: (state: State) => T | Promise<T>): Promise<T> {
    const release = await this.lock();
    try {
      const state = this.read();
      const result = await change(state);
      const draft = this.path(`state.${process.pid}.json`);
      writeFileSync(draft, JSON.stringify(state, undefined, 1));
      renameSync(draft, this.path('state.json'));
      return result;
    } finally {
      release();
    }
  }

  private async lock(): Promise<() => void> {
    const file = this.path('lock');
    const own = this.path(`lock.${process.pid}.${Math.random().toString(36).slice(2)}`);
    writeFileSync(own, JSON.stringify(ownProcess()));
    try {
      for (;;) {
        try {
          linkSync(own, file);
          return () => {
            unlinkSync(file);
          };
        } catch (error) {
          if (!isCode(error, 'EEXIST')) throw error;
          if (!takeAway(file)) await sleep(10 + Math.random() * 20);
        }
      }
    } finally {
      unlinkSync(own);
    }
  }
}

/** Removes a lock whose holder is dead. Of two that try, one renames it away; the other finds none. */
function takeAway(file: string): boolean {
  try {
    const holder = readFileSync(file, 'utf8');
    if (isAlive(JSON.parse(holder) as Process)) return false;
    const aside = `${file}.stale.${process.pid}`;
    renameSync(file, aside);
    // Between reading and renaming somebody else may have taken it over.
    if (readFileSync(aside, 'utf8') !== holder) linkSync(aside, file);
    unlinkSync(aside);
    return true;
  } catch {
    return true;
  }
}

/** Whether an error of the system has this code. (Errors of another realm, as in jest, are no instances of Error here.) */
export function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
