import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { built, builtProgram } from './place.js';
import { timed } from './programs.js';

const provider = 'lxc';

/** Two things at once: containers to look at, and nothing to download but the distribution's packages. */
const description = (name, machines) => `name: ${name}
description: Machines with containerd and a bridge, to be booted again and again.
provider: ${provider}
bootstrap: none
runtime:
  name: containerd
  install: distribution
cni: bridge
networking:
  podSubnet: 10.12.0.0/16
workers:
  count: ${machines.length}
  cpus: 1
  memory: 1024MiB
  machines:
${machines.map((machine) => `    - name: ${machine}\n`).join('')}`;

/** What this host lacks for booting machines; empty when nothing. */
export async function lacking() {
  if (process.platform !== 'linux') return ['Linux'];
  const { loadAssets } = await built('assets/load.js');
  const { missingPrograms } = await built('commands/hostPrograms.js');
  const assets = await loadAssets();
  const programs = missingPrograms(provider, assets.providers[provider]).flatMap((entry) => entry.programs);
  return process.getuid() === 0 ? programs : ['root', ...programs];
}

/** A lab folder, and the two ways to work with it. */
class BenchLab {
  constructor(folder, machines, environment) {
    this.folder = folder;
    this.machines = machines;
    this.environment = environment;
  }

  /** Our program, as a person calls it in the lab folder. */
  async k8slab(...args) {
    return timed(process.execPath, [builtProgram, ...args], { cwd: this.folder });
  }

  /** Vagrant with the same settings that our program gives it. */
  async vagrant(...args) {
    return timed('vagrant', args, { cwd: this.folder, env: this.environment });
  }

  /** Also after Ctrl-C. */
  async destroy() {
    const args = [builtProgram, 'destroy', '--yes'];
    return timed(process.execPath, args, { cwd: this.folder, always: true });
  }
}

/**
 * Calls `work` with a lab of so many machines whose files are written and whose box is there (built now if need be), without machines.
 * Removes machines and folder in the end, whatever happens.
 */
export async function withLab(work, { name = 'bench', count = 3 } = {}) {
  const { vagrantEnvironment } = await built('vagrant/vagrant.js');
  const parent = await mkdtemp(path.join(os.tmpdir(), 'k8slab-bench-'));
  const folder = path.join(parent, 'lab');
  const file = path.join(parent, 'lab.yaml');
  const machines = Array.from({ length: count }, (_, index) => `node${index + 1}`);
  await writeFile(file, description(name, machines));
  await timed(process.execPath, [builtProgram, 'create', file, '--no-up', '--dir', folder]);
  const lab = new BenchLab(folder, machines, vagrantEnvironment(folder, provider));
  try {
    return await work(lab);
  } finally {
    await lab.destroy();
    await rm(parent, { recursive: true, force: true });
  }
}
