import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Programs that labs on lxc need, and the Debian packages they come from. */
const programs = {
  vagrant: 'vagrant',
  'lxc-create': 'lxc',
  slirp4netns: 'slirp4netns',
  mmdebstrap: 'mmdebstrap',
  ip: 'iproute2',
  ssh: 'openssh-client',
  sudo: 'sudo',
  pgrep: 'procps',
};

/** Throws, naming everything that is missing and how to get it, unless real machines can run here. */
export function requireHost(): void {
  const problems: string[] = [];
  if (process.platform !== 'linux') problems.push('Linux: these labs are system containers.');
  if (process.getuid?.() !== 0) problems.push('root: run `sudo -E npm run e2e`.');
  const missing = Object.entries(programs).filter(([program]) => !isProgram(program));
  const plugin = isProgram('vagrant') && !said('vagrant', ['plugin', 'list']).includes('vagrant-lxc');
  const packages = [...missing.map(([, name]) => name), ...(plugin ? ['vagrant-lxc'] : [])];
  if (packages.length > 0) {
    const names = [
      ...missing.map(([program]) => program),
      ...(plugin ? ['the Vagrant plugin vagrant-lxc'] : []),
    ];
    problems.push(
      `${names.join(', ')}: apt-get install --no-install-recommends ${[...new Set(packages)].join(' ')}`,
    );
  }
  if (problems.length > 0)
    throw new Error(`End-to-end tests need real machines. Missing here:\n${problems.join('\n')}`);
}

/** Throws, naming what is missing, unless this host has a VirtualBox of its own to be tested with. */
export function requireRealVirtualBox(): void {
  const missing = ['vagrant', 'VBoxManage', 'kubectl'].filter((program) => !isProgram(program));
  if (missing.length > 0) throw new Error(`Not on the PATH: ${missing.join(', ')}`);
  const version = said('VBoxManage', ['--version']);
  if (!/^\d+\.\d+\.\d+/m.test(version)) throw new Error(`VBoxManage is no VirtualBox: ${version}`);
}

function isProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}

function said(program: string, args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/**
 * Everything on this host that carries a lab's name or belongs to its bridge: machines, adapters, mounts, firewall
 * rules, files outside of `except`. Empty when nothing of the lab is left. Other labs may come and go meanwhile.
 */
export function tracesOf(lab: { name: string; bridge: string; subnet: string }, except: string): string[] {
  const lines = (text: string): string[] => text.split('\n').filter(Boolean);
  // lxc itself keeps an empty lock file of every name it ever saw, until the host starts again.
  const has = (line: string): boolean =>
    line.includes(lab.name) && !line.includes(except) && !line.startsWith('/run/lxc/lock/');
  const prefix = lab.subnet.replace(/0\/24$/, '');
  return [
    ...lines(said('lxc-ls', ['-1']))
      .filter(has)
      .map((line) => `container ${line}`),
    ...readdirSync('/sys/class/net')
      .filter((name) => name === lab.bridge)
      .map((name) => `adapter ${name}`),
    ...lines(said('ip', ['-4', 'route']))
      .filter((line) => line.includes(prefix))
      .map((line) => `route ${line}`),
    ...lines(readFileSync('/proc/mounts', 'utf8'))
      .filter(has)
      .map((line) => `mount ${line}`),
    ...(isProgram('iptables')
      ? lines(said('iptables', ['-S']))
          .filter((line) => line.includes(`${lab.bridge} `))
          .map((line) => `rule ${line}`)
      : []),
    ...['/var', '/run', '/etc', '/tmp', '/root', '/home', '/sys/fs/cgroup']
      .filter((folder) => existsSync(folder))
      .flatMap((folder) => filesNamed(folder, lab.name))
      .filter(has)
      .map((file) => `file ${file}`),
    ...processesWith(lab.name, except).map((line) => `process ${line}`),
  ];
}

function filesNamed(folder: string, name: string): string[] {
  // Files of other labs vanish while find looks at them; that is no failure.
  const found = spawnSync('find', [folder, '-name', `*${name}*`, '-prune', '-print'], { encoding: 'utf8' });
  return found.stdout.split('\n').filter(Boolean);
}

/** Processes whose command line or environment names something, without this one and its ancestors. */
export function processesWith(text: string, except?: string): string[] {
  const own = new Set(ancestors(process.pid));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && !own.has(Number(name)))
    .flatMap((pid) => {
      const command = readOf(pid, 'cmdline').replaceAll('\0', ' ').trim();
      const everything = `${command} ${readOf(pid, 'environ')}`;
      if (!everything.includes(text)) return [];
      return except !== undefined && command.includes(except) ? [] : [`${pid} ${command}`];
    });
}

function ancestors(pid: number): number[] {
  const parent = Number(/^PPid:\s*(\d+)/m.exec(readOf(String(pid), 'status'))?.[1] ?? 0);
  return parent === 0 ? [pid] : [pid, ...ancestors(parent)];
}

function readOf(pid: string, file: string): string {
  try {
    return readFileSync(path.join('/proc', pid, file), 'utf8');
  } catch {
    return '';
  }
}

/** The NAT process of a machine, as the provider noted it; nothing when there is none. */
export function natProcess(container: string): number | undefined {
  try {
    return Number(readFileSync(`/run/k8slab/${container}.nat`, 'utf8').split(' ')[0]);
  } catch {
    return undefined;
  }
}

export function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\s*Z/m.test(readOf(String(pid), 'status'));
}
