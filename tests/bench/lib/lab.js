import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { built, builtProgram } from './place.js';
import { timed } from './programs.js';

const provider = 'lxc';

/** Two things at once: containers to look at, and nothing to download but the distribution's packages. */
const description = `name: bench
description: Three machines with containerd and a bridge, to be booted again and again.
provider: ${provider}
bootstrap: none
runtime:
  name: containerd
  install: distribution
cni: bridge
networking:
  podSubnet: 10.12.0.0/16
workers:
  count: 3
  cpus: 1
  memory: 1024MiB
  machines:
    - name: node1
    - name: node2
    - name: node3
`;

/** What this host lacks for booting machines; empty when nothing. */
export async function lacking() {
  if (process.platform !== 'linux') return ['Linux'];
  const { loadAssets } = await built('assets/load.js');
  const { missingPrograms } = await built('commands/hostPrograms.js');
  const assets = await loadAssets();
  const programs = missingPrograms(provider, assets.providers[provider]).flatMap((entry) => entry.programs);
  return process.getuid() === 0 ? programs : ['root', ...programs];
}

/** A lab folder with three machines, and the two ways to work with it. */
class BenchLab {
  machines = ['node1', 'node2', 'node3'];

  constructor(folder, environment) {
    this.folder = folder;
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
 * Calls `work` with a lab whose files are written and whose box is there (built now if need be), without machines.
 * Removes machines and folder in the end, whatever happens.
 */
export async function withLab(work) {
  const { vagrantEnvironment } = await built('vagrant/vagrant.js');
  const parent = await mkdtemp(path.join(os.tmpdir(), 'k8slab-bench-'));
  const folder = path.join(parent, 'lab');
  const file = path.join(parent, 'lab.yaml');
  await writeFile(file, description);
  await timed(process.execPath, [builtProgram, 'create', file, '--no-up', '--dir', folder]);
  const lab = new BenchLab(folder, vagrantEnvironment(folder, provider));
  try {
    return await work(lab);
  } finally {
    await lab.destroy();
    await rm(parent, { recursive: true, force: true });
  }
}
