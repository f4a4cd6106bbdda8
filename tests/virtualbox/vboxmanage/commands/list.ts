// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import os from 'node:os';
import { machineFolder, type Call } from '../call.js';
import { syntaxError } from '../errors.js';
import { isLive } from '../machines.js';
import { readOptions } from '../options.js';
import type { HostOnlyInterface, State } from '../state.js';

/** list. Source of formats: VBoxManageList.cpp of VirtualBox (https://github.com/mirror/vbox) and Vagrant's own test data. */
export function list(args: string[], call: Call): void {
  const options = readOptions(args, [], ['--long|-l', '--sorted|-s', '--platform-arch']);
  const [what] = options.plain;
  if (what === undefined) throw syntaxError('Missing subcommand for "list".');
  const print = lists[what];
  if (print === undefined) throw syntaxError(`Unknown parameter '${what}'`);
  call.out(print(call.store.read(), call));
}

const lists: Record<string, (state: State, call: Call) => string> = {
  vms: ({ machines }) => machines.map(({ name, uuid }) => `"${name}" {${uuid}}\n`).join(''),
  runningvms: ({ machines }, call) =>
    machines
      .filter((machine) => isLive(machine, call))
      .map(({ name, uuid }) => `"${name}" {${uuid}}\n`)
      .join(''),
  hostonlyifs: ({ hostOnly }, call) => hostOnly.map((entry) => hostOnlyBlock(entry, call)).join(''),
  // Networks of their own kind exist on macOS only.
  hostonlynets: () => '',
  bridgedifs: (_, call) => call.backend.bridgeable().map(bridgedBlock).join(''),
  dhcpservers: ({ dhcp }, call) =>
    dhcp
      .map((server) =>
        call.version.startsWith('6.0')
          ? block([
              ['NetworkName:', server.network],
              ['IP:', server.address],
              ['NetworkMask:', server.netmask],
              ['lowerIPAddress:', server.lower],
              ['upperIPAddress:', server.upper],
              ['Enabled:', server.enabled ? 'Yes' : 'No'],
            ])
          : // https://github.com/hashicorp/vagrant/blob/main/test/unit/plugins/providers/virtualbox/driver/version_6_1_test.rb
            block([
              ['NetworkName:', server.network],
              ['Dhcpd IP:', server.address],
              ['LowerIPAddress:', server.lower],
              ['UpperIPAddress:', server.upper],
              ['NetworkMask:', server.netmask],
              ['Enabled:', server.enabled ? 'Yes' : 'No'],
              ['Global Configuration:', ''],
              ['    minLeaseTime:', 'default'],
              ['    defaultLeaseTime:', 'default'],
              ['    maxLeaseTime:', 'default'],
              ['    Forced options:', 'None'],
              ['    Suppressed opts.:', 'None'],
              ['        1/legacy:', server.netmask],
              ['Groups:', '              None'],
              ['Individual Configs:', '  None'],
            ]),
      )
      .join(''),
  natnets: ({ natNetworks }) =>
    natNetworks
      .map(({ name, network, dhcp }) =>
        block([
          ['Name:', name],
          ['Network:', network],
          ['Gateway:', network.replace(/\d+\/\d+$/, '1')],
          ['DHCP Server:', dhcp ? 'Yes' : 'No'],
          ['IPv6:', 'No'],
          ['Enabled:', 'Yes'],
        ]),
      )
      .join(''),
  hdds: ({ media }) =>
    media
      .map((medium) =>
        block([
          ['UUID:', medium.uuid],
          ['Parent UUID:', medium.parent ?? 'base'],
          ['State:', 'created'],
          ['Type:', 'normal (base)'],
          ['Location:', medium.file],
          ['Storage format:', medium.format],
          ['Capacity:', `${Math.floor(medium.capacity / 1024 ** 2)} MBytes`],
          ['Encryption:', 'disabled'],
        ]),
      )
      .join(''),
  dvds: () => '',
  groups: ({ machines }) =>
    [...new Set(['/', ...machines.flatMap(({ groups }) => groups)])].map((group) => `"${group}"\n`).join(''),
  systemproperties: (_, call) =>
    [
      ['API version:', call.version.split('.').slice(0, 2).join('_')],
      ['Minimum guest RAM size:', '4 Megabytes'],
      ['Maximum guest RAM size:', '2097152 Megabytes'],
      ['Maximum guest CPU count:', '64'],
      ['Virtual disk limit (info):', '2199022206976 Bytes'],
      ['Default machine folder:', machineFolder(call.env)],
      ['Raw-mode Supported:', 'no'],
      ['Default hard disk format:', 'VDI'],
    ]
      .map(([key = '', value = '']) => `${key.padEnd(33)}${value}\n`)
      .join(''),
  hostinfo: (_, { faults }) =>
    [
      'Host Information:',
      '',
      `Host time: ${new Date().toISOString()}`,
      `Processor online count: ${os.cpus().length}`,
      `Processor count: ${os.cpus().length}`,
      `Processor supports HW virtualization: ${faults.has('no-vtx') || faults.has('no-amd-v') ? 'no' : 'yes'}`,
      'Processor supports PAE: yes',
      'Processor supports long mode: yes',
      'Processor supports nested paging: yes',
      `Memory size: ${Math.floor(os.totalmem() / 1024 ** 2)} MByte`,
      `Memory available: ${Math.floor(os.freemem() / 1024 ** 2)} MByte`,
      `Operating system: ${os.type()}`,
      `Operating system version: ${os.release()}`,
      '',
    ].join('\n'),
  extpacks: () => 'Extension Packs: 0\n',
};

/** Numbers of the hardware address and GUID end in the interface's own, as vboxnetadp makes them. */
function hostOnlyBlock({ name, index, address, netmask }: HostOnlyInterface, call: Call): string {
  const number = index.toString(16).padStart(2, '0');
  return block([
    ['Name:', name],
    ['GUID:', `786f6276-656e-4${(index % 16).toString(16)}74-8000-0a00270000${number}`],
    ['DHCP:', 'Disabled'],
    ['IPAddress:', address],
    ['NetworkMask:', netmask],
    ['IPV6Address:', ''],
    ['IPV6NetworkMaskPrefixLength:', '0'],
    ['HardwareAddress:', `0a:00:27:00:00:${number}`],
    ['MediumType:', 'Ethernet'],
    ['Wireless:', 'No'],
    ['Status:', call.backend.isUp(name) ? 'Up' : 'Down'],
    ['VBoxNetworkName:', `HostInterfaceNetworking-${name}`],
  ]);
}

function bridgedBlock({
  name,
  address,
  netmask,
  mac,
  up,
}: ReturnType<Call['backend']['bridgeable']>[number]): string {
  return block([
    ['Name:', name],
    [
      'GUID:',
      `${Buffer.from(name.padEnd(4, '\0')).subarray(0, 4).toString('hex')}-0000-4000-8000-${mac.replaceAll(':', '')}`,
    ],
    ['DHCP:', 'Disabled'],
    ['IPAddress:', address],
    ['NetworkMask:', netmask],
    ['IPV6Address:', ''],
    ['IPV6NetworkMaskPrefixLength:', '0'],
    ['HardwareAddress:', mac],
    ['MediumType:', 'Ethernet'],
    ['Wireless:', 'No'],
    ['Status:', up ? 'Up' : 'Down'],
    ['VBoxNetworkName:', `HostInterfaceNetworking-${name}`],
  ]);
}

/** Lines of a block and the empty line that ends it; values begin in column 17. */
function block(lines: readonly (readonly [string, string])[]): string {
  return `${lines.map(([key, value]) => (key.length < 16 ? `${key.padEnd(16)} ${value}` : `${key} ${value}`)).join('\n')}\n\n`;
}
