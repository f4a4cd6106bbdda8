import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { ProviderManifest } from '../assets/providerManifest.js';
import { bakedBoxes } from '../box/installed.js';
import { formatCidr, parseCidr } from '../lab/cidr.js';
import type { HostFacts } from '../plan/host.js';
import { parseVboxNetworks } from '../plan/vboxNetworks.js';
import { findLimits } from './limits.js';
import { hasPlugin } from './plugins.js';
import { run } from './runner.js';
import { which } from './which.js';

export interface HostFactsOptions {
  providers: Record<string, ProviderManifest>;
  /** Labs known on this host, without the one being planned. */
  otherLabs: HostFacts['otherLabs'];
  /** The lab's own network, when it is there already: it must not stand in its own way. */
  own?: { bridge: string; cidr: string };
  /** Providers that the package manager can install, by folder name. */
  installableProviders?: string[];
  /** The package's folder of box recipes; without it baked boxes are not looked for. */
  boxTemplates?: string;
  env?: Record<string, string | undefined>;
}

/** Looks at this host, so that planning can stay pure. Changes nothing, asks nobody for a password. */
export async function collectHostFacts(options: HostFactsOptions): Promise<HostFacts> {
  const env = { ...process.env, ...options.env };
  const [root, routes, limits, baked] = await Promise.all([
    canBeRoot(env),
    linuxRoutes(env),
    findLimits(options.providers, env),
    options.boxTemplates === undefined ? [] : bakedBoxes(options.boxTemplates, env),
  ]);
  return {
    platform: process.platform,
    arch: process.arch,
    installedProviders: installedProviders(options.providers, env),
    virtualization: hasVirtualization(),
    root,
    networks: withoutOwn(unique([...interfaceNetworks(networkInterfaces()), ...routes]), options.own),
    otherLabs: options.otherLabs,
    vboxAllowedRanges: parseVboxNetworks(vboxNetworksFile()),
    limits,
    ...(baked.length > 0 && { bakedBoxes: baked }),
    ...(options.installableProviders && { installableProviders: options.installableProviders }),
  };
}

/** Providers whose programs are on the PATH (VirtualBox on Windows puts its folder elsewhere), and Vagrant's plugin is there. */
export function installedProviders(
  providers: Record<string, ProviderManifest>,
  env: Record<string, string | undefined>,
): string[] {
  const vbox = env.VBOX_MSI_INSTALL_PATH ?? env.VBOX_INSTALL_PATH;
  const has = (program: string): boolean =>
    which(program, env) !== undefined ||
    (program === 'VBoxManage' && vbox !== undefined && existsSync(join(vbox, 'VBoxManage.exe')));
  return Object.entries(providers)
    .filter(([, { programs, vagrantPlugin }]) => {
      const plugin = vagrantPlugin === undefined || hasPlugin(vagrantPlugin, env);
      return programs.length > 0 && programs.every(has) && plugin;
    })
    .map(([name]) => name);
}

/**
 * Whether this host's processor runs virtual machines, as far as it can be told without asking a hypervisor. On x86 the processor
 * says so itself, and a device file can be there without it.
 */
export function hasVirtualization(): boolean {
  if (process.platform !== 'linux') return true;
  return process.arch === 'x64' || process.arch === 'ia32'
    ? hasVirtualizationFlag(readText('/proc/cpuinfo') ?? '')
    : canOpen('/dev/kvm');
}

/** The device file may be there without a device behind it, so it is opened. */
function canOpen(device: string): boolean {
  try {
    closeSync(openSync(device, 'r+'));
    return true;
  } catch {
    return false;
  }
}

/** Intel says vmx, AMD svm. */
export function hasVirtualizationFlag(cpuinfo: string): boolean {
  return /^flags\s*:.*\b(?:vmx|svm)\b/m.test(cpuinfo);
}

async function canBeRoot(env: Record<string, string | undefined>): Promise<boolean> {
  if (process.getuid === undefined) return false;
  if (process.getuid() === 0) return true;
  if (which('sudo', env) === undefined) return false;
  const result = await run('sudo', ['-n', 'true'], { env, timeout: 10 }).catch(() => undefined);
  return result?.exitCode === 0;
}

type Networks = HostFacts['networks'];

/** IPv4 ranges of interfaces, loopback aside. */
export function interfaceNetworks(interfaces: ReturnType<typeof networkInterfaces>): Networks {
  return Object.entries(interfaces).flatMap(([name, addresses = []]) =>
    addresses.flatMap(({ family, internal, cidr }) =>
      family === 'IPv4' && !internal && cidr !== null ? [{ cidr: networkOf(cidr), name }] : [],
    ),
  );
}

async function linuxRoutes(env: Record<string, string | undefined>): Promise<Networks> {
  if (process.platform !== 'linux' || which('ip', env) === undefined) return [];
  const result = await run('ip', ['-4', '-j', 'route'], { env, timeout: 10 }).catch(() => undefined);
  return result === undefined ? [] : routeNetworks(result.stdout);
}

/** Reads `ip -4 -j route`: ranges that are routed somewhere, without the default route and single hosts' own. */
export function routeNetworks(json: string): Networks {
  let routes: unknown;
  try {
    routes = JSON.parse(json);
  } catch {
    return [];
  }
  if (!Array.isArray(routes)) return [];
  return routes.flatMap((route: unknown): Networks => {
    if (typeof route !== 'object' || route === null || !('dst' in route) || typeof route.dst !== 'string')
      return [];
    if (!/^\d+\.\d+\.\d+\.\d+(?:\/\d+)?$/.test(route.dst)) return [];
    const name = 'dev' in route && typeof route.dev === 'string' ? route.dev : 'a route';
    return name === 'lo'
      ? []
      : [{ cidr: networkOf(route.dst.includes('/') ? route.dst : `${route.dst}/32`), name }];
  });
}

/** `192.168.1.7/24` → `192.168.1.0/24` */
function networkOf(text: string): string {
  const cidr = parseCidr(text);
  return cidr === undefined ? text : formatCidr(cidr);
}

function unique(networks: Networks): Networks {
  return networks.filter(({ cidr }, index) => networks.findIndex((other) => other.cidr === cidr) === index);
}

/** VirtualBox and libvirt name their interfaces themselves, so there the range says whose it is. */
function withoutOwn(networks: Networks, own: HostFactsOptions['own']): Networks {
  if (own === undefined) return networks;
  const namedElsewhere = (name: string): boolean => /^vboxnet\d+$|VirtualBox Host-Only|^virbr\d+$/.test(name);
  return networks.filter(
    ({ name, cidr }) => name !== own.bridge && !(cidr === own.cidr && namedElsewhere(name)),
  );
}

function vboxNetworksFile(): string | undefined {
  return process.platform === 'win32' ? undefined : readText('/etc/vbox/networks.conf');
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
