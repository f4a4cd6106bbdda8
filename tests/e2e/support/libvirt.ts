import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { Workshop } from './workshop.js';

const programs = [
  'vagrant',
  'virsh',
  'qemu-img',
  'qemu-system-x86_64',
  'dnsmasq',
  'mmdebstrap',
  'grub-mkimage',
  'ssh',
];

const said = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const virsh = (...args: string[]): string => said('virsh', '--connect', 'qemu:///system', ...args);
const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** A workshop whose labs are machines of libvirt's on this host. */
export class LibvirtWorkshop extends Workshop {
  override requireHost(): void {
    const missing = programs.filter(
      (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0,
    );
    const problems = [
      ...(missing.length > 0
        ? [`not on the PATH: ${missing.join(', ')} (k8slab setup --provider libvirt)`]
        : []),
      ...(missing.length === 0 && !said('vagrant', 'plugin', 'list').includes('vagrant-libvirt')
        ? ['the Vagrant plugin vagrant-libvirt']
        : []),
      ...(missing.includes('virsh') ||
      spawnSync('virsh', ['--connect', 'qemu:///system', 'version']).status === 0
        ? []
        : ['libvirt does not answer at qemu:///system']),
    ];
    if (problems.length > 0) throw new Error(`Machines of libvirt's cannot run here: ${problems.join('; ')}`);
  }

  override machinesOf(): Promise<string[]> {
    const version = /Running hypervisor: (.*)/.exec(virsh('version'))?.[1] ?? 'QEMU';
    const library = /Using library: (.*)/.exec(virsh('version'))?.[1] ?? 'libvirt';
    return Promise.resolve([library, version]);
  }
}

/** Everything of libvirt's, and of the host's network, that belongs to a lab; the box's disk, which labs share, aside. */
export function libvirtTraces(lab: string, subnet: string): string[] {
  const prefix = subnet.replace(/0\/24$/, '');
  return [
    ...lines(virsh('list', '--all', '--name')).map((name) => `machine ${name}`),
    ...lines(virsh('net-list', '--all', '--name')).map((name) => `network ${name}`),
    ...lines(virsh('vol-list', 'default')).map((name) => `disk ${name}`),
  ]
    .filter((line) => line.includes(lab))
    .concat(
      lines(said('ip', '-4', 'route'))
        .filter((line) => line.includes(prefix))
        .map((line) => `route ${line}`),
      readdirSync('/var/lib/libvirt/dnsmasq')
        .filter((file) => file.includes(lab))
        .map((file) => `dnsmasq ${file}`),
    );
}
