// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import os from 'node:os';
import path from 'node:path';
import type { Backend } from './backend/backend.js';
import type { Faults } from './faults.js';
import type { Store } from './store.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One call of VBoxManage: where it writes, what it works on. */
export interface Call {
  env: Environment;
  out: (text: string) => void;
  err: (text: string) => void;
  store: Store;
  faults: Faults;
  backend: Backend;
  /** `7.0.20` */
  version: string;
}

export type Command = (args: string[], call: Call) => Promise<void> | void;

/** As VirtualBox: VBOX_USER_HOME, or the user's configuration folder. */
export const stateFolder = (env: Environment): string =>
  env.VBOX_USER_HOME ?? path.join(homeOf(env), '.config', 'VirtualBox');

/** Where machines get their folders. */
export const machineFolder = (env: Environment): string => path.join(homeOf(env), 'VirtualBox VMs');

const homeOf = (env: Environment): string => env.HOME ?? os.homedir();
