import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { URL } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { built, builtProgram } from './place.js';
import { timed } from './programs.js';

export const provider = 'lxc';
/** Number of processors, and so of machines worth measuring, is small: one control plane, two workers. */
const shape = '1cp-2w';

/** Where everything of one bench lies, and what it works with. */
export class ClusterBench {
  /** `bundle`: a folder. `sets`: more `--set` of the lab. */
  constructor(parent, { bundle, sets }) {
    this.parent = parent;
    this.folder = path.join(parent, 'lab');
    this.bundle = bundle;
    this.sets = sets;
    this.home = path.join(parent, 'vagrant');
    // A home of Vagrant and a cache of its own: what is cold and what is warm is known, and nobody else's boxes are touched.
    this.environment = {
      VAGRANT_HOME: this.home,
      XDG_CACHE_HOME: path.join(parent, 'cache'),
      NO_COLOR: '1',
    };
  }

  async prepare() {
    await mkdir(this.home, { recursive: true });
    await mkdir(this.environment.XDG_CACHE_HOME, { recursive: true });
  }

  /** Our program, as a person calls it. */
  async k8slab(args, options = {}) {
    const env = this.environment;
    return timed(process.execPath, [builtProgram, ...args], { cwd: this.parent, env, ...options });
  }

  createArguments(...more) {
    return ['create', shape, ...this.settings(), '--bundle', this.bundle, '--dir', this.folder, ...more];
  }

  bakeArguments() {
    return ['box', 'bake', shape, ...this.settings(), '--bundle', this.bundle];
  }

  settings() {
    return ['name=bench-up', `provider=${provider}`, ...this.sets].flatMap((set) => ['--set', set]);
  }

  /** Vagrant with the settings that our program gives it, in the lab folder. */
  async vagrant(...args) {
    const { vagrantEnvironment } = await built('vagrant/vagrant.js');
    const env = { ...this.environment, ...vagrantEnvironment(this.folder, provider) };
    return timed('vagrant', args, { cwd: this.folder, env });
  }

  /** The plan that the lab folder was made from. */
  async plan() {
    return JSON.parse(await readFile(path.join(this.folder, '.k8slab', 'cluster.json'), 'utf8'));
  }

  get kubeconfig() {
    return path.join(this.folder, '.k8slab', 'kubeconfig');
  }

  /** Removes machines and folder, also after Ctrl-C. */
  async clear() {
    const there = await readFile(path.join(this.folder, '.k8slab', 'cluster.json')).catch(() => undefined);
    if (there !== undefined) await this.k8slab(['destroy', '--yes'], { cwd: this.folder, always: true });
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Removes what the bench leaves outside its folder: machines, and what was unpacked of its own boxes. */
  async tidy() {
    await this.clear();
    const list = await timed('vagrant', ['box', 'list'], { env: this.environment, always: true });
    const names = new Set(list.output.split('\n').flatMap((line) => /^(k8slab\/\S+)/.exec(line)?.[1] ?? []));
    for (const name of names) await this.k8slab(['box', 'remove', name, '--force'], { always: true });
  }

  /**
   * Serves the bundle as `up` does, for a plain `vagrant up`: on the host's address in the lab's network, as soon as the
   * first machine has brought it up. Gives a function that ends it.
   */
  serve(plan) {
    const { hostAddress } = plan.networking.hostOnly;
    const { port } = new URL(plan.bundle.mirror);
    let ended = false;
    let server;
    const work = (async () => {
      while (!ended && !hasAddress(hostAddress)) await pause(100);
      if (ended) return;
      const args = [builtProgram, 'bundle', 'serve', this.bundle, '--listen', `${hostAddress}:${port}`];
      server = spawn(process.execPath, args, { stdio: 'ignore' });
    })();
    return async () => {
      ended = true;
      await work;
      server?.kill('SIGINT');
    };
  }
}

function hasAddress(wanted) {
  return Object.values(os.networkInterfaces()).some((list) =>
    list?.some(({ address }) => address === wanted),
  );
}
