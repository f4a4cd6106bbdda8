import os from 'node:os';
import path from 'node:path';
import { copyFileSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { installed, requireStatus, runProgram } from '../../support/k8slab.js';
import { virtualBoxBox, type GuestNetwork } from '../../virtualbox/box.js';
import type { FaultName } from '../../virtualbox/vboxmanage/faults.js';
import { installVBoxManage } from '../../virtualbox/install.js';
import { versionBy } from './facts.js';
import { requireRealVirtualBox } from './host.js';
import { Workshop } from './workshop.js';

/**
 * A workshop on a host with VirtualBox, which is the stand-in of tests/virtualbox: its machines are system containers. With
 * `npm run e2e:virtualbox-real` it is the person's own VirtualBox and Vagrant; of those only the tests' labs are touched.
 */
export class VirtualBoxWorkshop extends Workshop {
  /** Options of `create`, with `npm run e2e:virtualbox-real`. */
  private readonly wanted = process.env.K8SLAB_E2E_VIRTUALBOX;
  readonly real = this.wanted !== undefined;
  /** Instead of the PATH's Vagrant: a person's other version of it. */
  private readonly vagrant = process.env.K8SLAB_E2E_VAGRANT ?? '';
  override readonly suffix = this.real ? 'real' : this.vagrant === '' ? '' : 'another Vagrant';
  private readonly home = this.path('state', 'virtualbox');

  constructor() {
    super({ fresh: false });
    if (this.real) {
      // VirtualBox has one server a user, and boxes are large: they stay where they are.
      this.env.HOME = os.homedir();
      this.env.VAGRANT_HOME = process.env.VAGRANT_HOME;
    } else {
      this.env.VBOX_USER_HOME = this.home;
      this.choosePorts();
    }
    if (this.vagrant !== '') {
      mkdirSync(this.path('state', 'bin'), { recursive: true });
      symlinkSync(path.resolve(this.vagrant), this.path('state', 'bin', 'vagrant'));
      this.prefer(this.path('state', 'bin'));
    }
  }

  /**
   * Vagrant looks for a free port before the machine takes it. Scenarios that run at the same time would now and then find the
   * same one, which nobody's VirtualBox has to bear: each has ports of its own, by the person's Vagrantfile that Vagrant reads first.
   */
  private choosePorts(): void {
    const worker = Number(process.env.JEST_WORKER_ID ?? 1) % 10;
    const first = 20_000 + worker * 1000 + Math.floor(Math.random() * 10) * 100;
    writeFileSync(
      this.path('vagrant', 'Vagrantfile'),
      `Vagrant.configure('2') do |config|
  config.vm.network :forwarded_port, id: 'ssh', guest: 22, host: ${first}, host_ip: '127.0.0.1', auto_correct: true
  config.vm.usable_port_range = ${first}..${first + 99}
end
`,
    );
  }

  private prefer(folder: string): void {
    this.env.PATH = `${folder}${path.delimiter}${this.env.PATH ?? ''}`;
  }

  override requireHost(): void {
    if (this.real) requireRealVirtualBox();
    else super.requireHost();
  }

  override async machinesOf(): Promise<string[]> {
    const version = await versionBy('VBoxManage', ['--version'], this);
    return this.real
      ? [`VirtualBox ${version}`]
      : [`stand-in for VirtualBox ${version}`, ...(await super.machinesOf())];
  }

  /**
   * Guests of the stand-in share this host's kernel, as machines of lxc do, so Kubernetes in them needs the same adaptations: from
   * now on a copy of the package is used in which the VirtualBox provider has lxc's. On a laptop it has none.
   */
  adapt(): void {
    const copy = this.path('package');
    cpSync(installed(), copy, { recursive: true, verbatimSymlinks: true });
    const own = path.join(copy, 'node_modules', 'k8slab');
    const templates = path.join(own, 'box-templates');
    copyFileSync(
      path.join(templates, 'lxc', 'adaptations.yaml'),
      path.join(templates, 'virtualbox', 'adaptations.yaml'),
    );
    // Without it the folders are read.
    rmSync(path.join(own, 'dist', 'assets.json'));
    process.env.K8SLAB_TEST_INSTALLED = copy;
    this.prefer(installed('node_modules', '.bin'));
  }

  /** Installs the stand-in; gives the options that make a lab use the tests' box. */
  async install(network: GuestNetwork = 'ifupdown'): Promise<string[]> {
    if (this.wanted !== undefined)
      return ['--provider', 'virtualbox', ...(JSON.parse(this.wanted) as string[])];
    this.prefer(await installVBoxManage(this.path('state', 'vboxmanage')));
    const cache = path.join(
      process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'),
      'k8slab',
      'tests',
    );
    const box = await virtualBoxBox(cache, network);
    return [
      '--provider',
      'virtualbox',
      '--set',
      `box.name=k8slab-tests/debian-12-${network}`,
      '--set',
      `box.url=file://${box}`,
      '--set',
      'box.family=apt',
    ];
  }

  /** Calls the stand-in; gives what it printed. */
  async vboxManage(...args: string[]): Promise<string> {
    const ran = await runProgram('VBoxManage', args, { cwd: this.root, env: this.env });
    requireStatus(ran, 0, ['VBoxManage', ...args]);
    return ran.stdout;
  }

  /** What showvminfo says of a machine, by key. */
  async info(machine: string): Promise<Record<string, string>> {
    const text = await this.vboxManage('showvminfo', machine, '--machinereadable');
    return Object.fromEntries(
      text
        .split('\n')
        .filter((line) => line.includes('='))
        .map((line) => {
          const [key = '', ...value] = line.split('=');
          return [key.replaceAll('"', ''), value.join('=').replaceAll('"', '')];
        }),
    );
  }

  /** Names of all machines. */
  async machines(): Promise<string[]> {
    return [...(await this.vboxManage('list', 'vms')).matchAll(/^"(.+?)" /gm)].map(([, name = '']) => name);
  }

  /** Names of all host-only interfaces. */
  async hostOnly(): Promise<string[]> {
    return [...(await this.vboxManage('list', 'hostonlyifs')).matchAll(/^Name:\s+(.+)$/gm)].map(
      ([, name = '']) => name,
    );
  }

  /** Breaks it from now on, or mends it. */
  breakBy(...faults: (FaultName | `${FaultName}:${string}`)[]): void {
    mkdirSync(this.home, { recursive: true });
    writeFileSync(path.join(this.home, 'faults'), faults.join('\n'));
  }

  /** Destroys what is left, the box's machine and host-only interfaces too, which VirtualBox keeps. */
  override async close(): Promise<void> {
    if (this.real) {
      await super.close();
      return;
    }
    rmSync(path.join(this.home, 'faults'), { force: true });
    for (const lab of this.labs()) await this.run(['destroy', '--yes', '--dir', lab]);
    // The machine that the others are clones of comes first in the list.
    for (const name of (await this.machines()).reverse()) {
      await runProgram('VBoxManage', ['controlvm', name, 'poweroff'], { cwd: this.root, env: this.env });
      await this.vboxManage('unregistervm', name, '--delete');
    }
    for (const name of await this.hostOnly()) await this.vboxManage('hostonlyif', 'remove', name);
    await super.close();
  }
}
