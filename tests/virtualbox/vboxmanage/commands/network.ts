// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import type { Call } from '../call.js';
import { bareError, comError, plainError, progress, stoppedAt, syntaxError } from '../errors.js';
import { readOptions } from '../options.js';
import type { HostOnlyInterface, State } from '../state.js';
import { allowedRanges, isIn, toNumber } from './addresses.js';

/** hostonlyif create|remove|ipconfig. Source of formats: VBoxManageHostonly.cpp of VirtualBox. */
export async function hostOnlyIf(args: string[], call: Call): Promise<void> {
  const [verb, ...rest] = args;
  if (verb === 'create') await create(call);
  else if (verb === 'remove') await remove(rest, call);
  else if (verb === 'ipconfig') await ipConfig(rest, call);
  else throw syntaxError(verb === undefined ? 'Not enough parameters' : `Invalid parameter '${verb}'`);
}

const handleCreate = '"RTEXITCODE handleCreate(HandlerArg *)" at line 95 of file VBoxManageHostonly.cpp';

async function create(call: Call): Promise<void> {
  const failure = (text: string, code: 'NS_ERROR_FAILURE' = 'NS_ERROR_FAILURE') =>
    comError(`Failed to create the host-only adapter\n${text}`, {
      code,
      component: 'HostNetworkInterfaceWrap, interface IHostNetworkInterface',
      context: handleCreate,
      callee: false,
      before: stoppedAt(0, code),
    });
  // https://github.com/servian/hashiqube/issues/2, https://github.com/rdbreak/rhcsa8env/issues/36
  if (call.faults.has('no-vboxnetctl'))
    throw failure(
      'VBoxNetAdpCtl: Error while adding new interface: failed to open /dev/vboxnetctl: No such file or directory',
    );
  // https://github.com/hashicorp/vagrant/issues/13130
  if (call.faults.has('hostonlyif-fails'))
    throw failure(
      'VBoxNetAdpCtl: Error while adding new interface: VBoxNetAdpCtl: ioctl failed for /dev/vboxnetctl: Inappropriate ioctl for device',
    );
  const name = await call.store.update(async (state) => {
    const taken = new Set([...state.hostOnly.map((entry) => entry.name), ...call.backend.interfaces()]);
    let index = 0;
    while (taken.has(`vboxnet${index}`)) index++;
    const made: HostOnlyInterface = { name: `vboxnet${index}`, index, address: '', netmask: '' };
    await call.backend.addBridge(made);
    state.hostOnly.push(made);
    return made.name;
  });
  call.err(progress);
  call.out(`Interface '${name}' was successfully created\n`);
}

function find(state: State, name: string): HostOnlyInterface {
  const found = state.hostOnly.find((entry) => entry.name === name);
  if (found !== undefined) return found;
  throw comError("The host network interface named '" + name + "' could not be found", {
    code: 'NS_ERROR_INVALID_ARG',
    component: 'HostWrap, interface IHost',
    context:
      '"FindHostNetworkInterfaceByName(Bstr(pszName).raw(), hif.asOutParam())" at line 199 of file VBoxManageHostonly.cpp',
  });
}

async function remove([name]: string[], call: Call): Promise<void> {
  if (name === undefined) throw syntaxError('Not enough parameters');
  await call.store.update(async (state) => {
    const found = find(state, name);
    await call.backend.removeBridge(found);
    state.hostOnly = state.hostOnly.filter((entry) => entry !== found);
  });
  call.err(progress);
}

async function ipConfig([name, ...args]: string[], call: Call): Promise<void> {
  if (name === undefined) throw syntaxError('Not enough parameters');
  const options = readOptions(
    args,
    ['--ip|-ip', '--netmask|-netmask', '--ipv6|-ipv6', '--netmasklengthv6'],
    ['--dhcp|-dhcp'],
  );
  const address = options.get('--ip');
  const netmask = options.get('--netmask') ?? '255.255.255.0';
  if (options.has('--ipv6') || options.has('--dhcp')) return;
  if (address === undefined) throw syntaxError('Neither -dhcp nor -ip nor -ipv6 was specfified');
  await call.store.update(async (state) => {
    const found = find(state, name);
    if (toNumber(address) === undefined || toNumber(netmask) === undefined)
      throw syntaxError(`Invalid IPv4 address: ${address}`);
    // https://github.com/Be-Secure/oah-bes-vm/issues/17
    const ranges = allowedRanges(call.env.VBOX_NETWORKS_CONF ?? '/etc/vbox/networks.conf');
    if (!ranges.some((range) => isIn(address, range)))
      throw bareError(
        'E_ACCESSDENIED',
        'Access denied',
        '"EnableStaticIPConfig(Bstr(pszIp).raw(), Bstr(pszNetmask).raw())" at line 242 of file VBoxManageHostonly.cpp',
      );
    found.address = address;
    found.netmask = netmask;
    await call.backend.addressBridge(found);
  });
}

/** dhcpserver add|modify|remove. Source of formats: VBoxManageDHCPServer.cpp of VirtualBox. */
export async function dhcpServer(args: string[], call: Call): Promise<void> {
  const [verb = '', ...rest] = args;
  const options = readOptions(
    rest,
    [
      '--interface|--ifname|-ifname',
      '--network|--netname|-netname',
      '--server-ip|--ip|-ip',
      '--netmask|-netmask',
      '--lower-ip|--lowerip|-lowerip',
      '--upper-ip|--upperip|-upperip',
    ],
    ['--enable|-enable', '--disable|-disable'],
  );
  const bridge = options.get('--interface');
  const network =
    options.get('--network') ?? (bridge === undefined ? undefined : `HostInterfaceNetworking-${bridge}`);
  if (network === undefined)
    throw syntaxError('You need to specify either --network or --interface to identify the DHCP server');
  await call.store.update((state) => {
    const found = state.dhcp.find((server) => server.network === network);
    if (verb === 'add') {
      if (found !== undefined) throw plainError('DHCP server already exists');
      const need = (name: string): string => {
        const value = options.get(name);
        if (value === undefined) throw syntaxError(`Missing required option: ${name}`);
        return value;
      };
      state.dhcp.push({
        network,
        address: need('--server-ip'),
        netmask: need('--netmask'),
        lower: need('--lower-ip'),
        upper: need('--upper-ip'),
        enabled: options.has('--enable'),
      });
    } else if (found === undefined) {
      throw plainError('DHCP server does not exist');
    } else if (verb === 'remove') {
      state.dhcp = state.dhcp.filter((server) => server !== found);
    } else if (verb === 'modify') {
      found.address = options.get('--server-ip') ?? found.address;
      found.lower = options.get('--lower-ip') ?? found.lower;
      found.upper = options.get('--upper-ip') ?? found.upper;
      found.enabled = options.has('--enable') || (found.enabled && !options.has('--disable'));
    } else {
      throw syntaxError(`Unknown subcommand: ${verb}`);
    }
  });
}

/** natnetwork add|remove. Source of formats: VBoxManageNATNetwork.cpp of VirtualBox. */
export async function natNetwork(args: string[], call: Call): Promise<void> {
  const [verb, ...rest] = args;
  const options = readOptions(
    rest,
    ['--netname', '--network', '--dhcp', '--ipv6', '--port-forward-4'],
    ['--enable', '--disable'],
  );
  const name = options.get('--netname');
  if (name === undefined) throw syntaxError('Missing --netname argument');
  await call.store.update((state) => {
    const found = state.natNetworks.find((entry) => entry.name === name);
    if (verb === 'add') {
      if (found !== undefined) throw plainError('NATNetwork server already exists');
      const network = options.get('--network');
      if (network === undefined) throw syntaxError('Missing --network argument');
      state.natNetworks.push({ name, network, dhcp: options.get('--dhcp') !== 'off' });
    } else if (found === undefined) {
      throw plainError('NATNetwork server does not exist');
    } else if (verb === 'remove') {
      state.natNetworks = state.natNetworks.filter((entry) => entry !== found);
    }
  });
}
