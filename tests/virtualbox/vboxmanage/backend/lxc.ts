// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { prefixLength } from '../commands/addresses.js';
import { diskOf } from '../media.js';
import type { Adapter, Machine, State } from '../state.js';
import { isAlive, processOf, type Process } from '../processes.js';
import type { Store } from '../store.js';
import type { Backend, BridgeableInterface } from './backend.js';
import { Disks } from './disks.js';
import { setForwards, type NatFile } from './nat.js';
import { host, tryHost } from './run.js';

/** Machines that are system containers, adapters that are bridges, disks that are folders. */
export function lxcBackend(store: Store): Backend {
  const disks = new Disks(store);
  const containers = new Containers(store, disks);
  return {
    unpackDisk: (medium, file) => disks.unpack(medium, file),
    packDisk: (medium, file) => disks.pack(medium, file),
    linkDisk: (medium, from) => disks.link(medium, from),
    copyDisk: (medium, from) => disks.copy(medium, from),
    replaceDisk: (uuid, from) => disks.replace(uuid, from),
    removeDisk: (uuid) => disks.remove(uuid),
    interfaces: () => readdirSync('/sys/class/net'),
    bridgeable,
    isUp: (name) => existsSync(`/sys/class/net/${name}`),
    addBridge: async ({ name, index }) => {
      await host(
        'ip',
        'link',
        'add',
        name,
        'address',
        `0a:00:27:00:00:${index.toString(16).padStart(2, '0')}`,
        'type',
        'bridge',
      );
    },
    addressBridge: async ({ name, address, netmask }) => {
      await host('ip', '-4', 'address', 'flush', 'dev', name);
      await host('ip', 'address', 'add', `${address}/${prefixLength(netmask)}`, 'dev', name);
      await host('ip', 'link', 'set', name, 'up');
    },
    removeBridge: async ({ name }) => {
      await tryHost('ip', 'link', 'delete', name);
    },
    runs: (machine) => isAlive(machine.process),
    endedInOrder: (machine) => existsSync(containers.file(machine, 'stopped')),
    start: (machine, state) => containers.start(machine, state),
    pressPowerButton: (machine) => containers.signal(machine, powerButton),
    powerOff: (machine) => containers.kill(machine),
    freeze: (machine) => containers.lxc('lxc-freeze', machine),
    thaw: (machine) => containers.lxc('lxc-unfreeze', machine),
    forward: (machine, rules) => setForwards(containers.file(machine, 'socket'), rules),
    crash: ({ process: lxc }, seconds) => {
      if (lxc === undefined) return;
      spawn('sh', ['-c', `sleep ${seconds}; kill -9 ${lxc.pid}`], {
        detached: true,
        stdio: 'ignore',
      }).unref();
    },
    remove: (machine) => containers.remove(machine),
  };
}

/** Interfaces of the host, host-only ones aside, as VirtualBox would offer them for bridging. */
function bridgeable(): BridgeableInterface[] {
  return Object.entries(os.networkInterfaces()).flatMap(([name, addresses = []]) => {
    const found = addresses.find(({ family, internal }) => family === 'IPv4' && !internal);
    return found === undefined || /^(?:lo|vboxnet|veth)/.test(name)
      ? []
      : [{ name, address: found.address, netmask: found.netmask, mac: found.mac, up: true }];
  });
}

/** SIGRTMIN+3: asks systemd to power off. */
const powerButton = 37;

/** What the hooks and configurations of lxc need from the repository lies here, see ../../install.ts. */
const assets = path.join(import.meta.dirname, '..', 'assets');

class Containers {
  constructor(
    private readonly store: Store,
    private readonly disks: Disks,
  ) {}

  /** Files of a machine while it runs. */
  file(machine: Machine, what: 'nat' | 'nat.log' | 'socket' | 'stopped' | 'log'): string {
    mkdirSync(this.store.path('run'), { recursive: true });
    return this.store.path('run', `${machine.uuid.slice(0, 8)}.${what}`);
  }

  private name = (machine: Machine): string => `vbox-${machine.uuid.slice(0, 8)}`;
  private lxcPath = (): string => this.store.path('lxc');

  async lxc(program: string, machine: Machine, ...args: string[]): Promise<void> {
    await host(program, '-P', this.lxcPath(), '-n', this.name(machine), ...args);
  }

  async start(machine: Machine, state: State): Promise<Process> {
    await this.kill(machine);
    rmSync(this.file(machine, 'stopped'), { force: true });
    const folder = path.join(this.lxcPath(), this.name(machine));
    mkdirSync(path.join(folder, 'rootfs'), { recursive: true });
    writeFileSync(path.join(folder, 'config'), this.configuration(machine, state));
    const log = this.file(machine, 'log');
    rmSync(log, { force: true });
    try {
      await this.lxc('lxc-start', machine, '--daemon', '--logfile', log, '--logpriority', 'INFO');
    } catch {
      throw new Error(`lxc-start failed: ${lastErrors(log)}`);
    }
    const init = await this.firstProcess(machine);
    if (init === undefined) throw new Error(`the machine ended at once: ${lastErrors(log)}`);
    return processOf(parentOf(init));
  }

  async firstProcess(machine: Machine): Promise<number | undefined> {
    const said = await tryHost('lxc-info', '-P', this.lxcPath(), '-n', this.name(machine), '-p', '-H');
    return said.trim() === '' ? undefined : Number(said);
  }

  async signal(machine: Machine, signal: number): Promise<void> {
    const init = await this.firstProcess(machine);
    if (init !== undefined) process.kill(init, signal);
  }

  /** Ends a machine that runs, or what a crash left of it. */
  async kill(machine: Machine): Promise<void> {
    if (existsSync(path.join(this.lxcPath(), this.name(machine))))
      await tryHost('lxc-stop', '-P', this.lxcPath(), '-n', this.name(machine), '--kill');
    await tryHost(process.execPath, natHook, 'down', this.file(machine, 'nat'));
  }

  async remove(machine: Machine): Promise<void> {
    await this.kill(machine);
    rmSync(path.join(this.lxcPath(), this.name(machine)), { recursive: true, force: true });
    for (const what of ['nat', 'nat.log', 'socket', 'stopped', 'log'] as const)
      rmSync(this.file(machine, what), { force: true });
  }

  private configuration(machine: Machine, state: State): string {
    const disk = diskOf(machine, state);
    if (disk === undefined) throw new Error('FATAL: No bootable medium found! System halted.');
    const { rootfs, binds } = this.disks.root(disk.uuid);
    const plugged = machine.adapters.filter(({ type, slot }) => slot > 1 && type === 'hostonly');
    const nat = machine.adapters.find(({ slot, type }) => slot === 1 && type === 'nat');
    if (nat !== undefined) this.writeNat(machine, nat);
    const hook = (verb: string): string =>
      `${process.execPath} ${natHook} ${verb} ${this.file(machine, 'nat')}`;
    return [
      `lxc.include = ${path.join(assets, 'lxc-config')}`,
      `lxc.uts.name = ${this.name(machine)}`,
      `lxc.rootfs.path = ${rootfs}`,
      ...binds.map(({ from, to }) => `lxc.mount.entry = ${from} ${to} none bind,create=dir 0 0`),
      `lxc.hook.pre-start = /bin/sh ${path.join(assets, 'kernel-limits.sh')}`,
      ...(nat === undefined
        ? []
        : [`lxc.hook.start-host = ${hook('up')}`, `lxc.hook.stop = ${hook('down')}`]),
      // A machine whose process ends without this note has crashed.
      `lxc.hook.post-stop = /usr/bin/touch ${this.file(machine, 'stopped')}`,
      ...(plugged.length === 0 ? ['lxc.net.0.type = empty'] : []),
      ...plugged.flatMap((adapter, index) => [
        `lxc.net.${index}.type = veth`,
        `lxc.net.${index}.link = ${adapter.hostOnly}`,
        `lxc.net.${index}.name = eth${adapter.slot - 1}`,
        `lxc.net.${index}.hwaddr = ${withColons(adapter.mac)}`,
      ]),
      `lxc.cgroup.memory.limit_in_bytes = ${machine.memory}M`,
      `lxc.cgroup2.memory.max = ${machine.memory}M`,
      `lxc.cgroup.cpu.cfs_quota_us = ${machine.cpus * 100_000}`,
      `lxc.cgroup2.cpu.max = ${machine.cpus * 100_000} 100000`,
      '',
    ].join('\n');
  }

  private writeNat(machine: Machine, adapter: Adapter): void {
    const content: NatFile = {
      mac: withColons(adapter.mac),
      socket: this.file(machine, 'socket'),
      stopped: this.file(machine, 'stopped'),
      forwards: adapter.forwards,
    };
    writeFileSync(this.file(machine, 'nat'), JSON.stringify(content));
  }
}

const natHook = path.join(import.meta.dirname, 'natHook.js');

const withColons = (mac: string): string => (mac.match(/../g) ?? []).join(':').toLowerCase();

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
}

function lastErrors(log: string): string {
  const text = existsSync(log) ? readFileSync(log, 'utf8') : '';
  return text
    .split('\n')
    .filter((line) => / (?:ERROR|WARN) /.test(line))
    .slice(-3)
    .join('; ');
}
