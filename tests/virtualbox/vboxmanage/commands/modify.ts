// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import { existsSync, renameSync } from 'node:fs';
import path from 'node:path';
import type { Call } from '../call.js';
import { comError, syntaxError } from '../errors.js';
import { findMachine, newMac, requireUnlocked, settingsFile, writeSettings } from '../machines.js';
import type { Adapter, Machine, State } from '../state.js';
import { rmSync } from 'node:fs';

/** What one option changes; takes its values from the front of `rest`. */
type Change = (machine: Machine, value: string, rest: string[], state: State) => void;

/** modifyvm. Source of options: https://www.virtualbox.org/manual/ch08.html#vboxmanage-modifyvm */
export async function modifyVm(args: string[], call: Call): Promise<void> {
  const [name, ...given] = args;
  if (name === undefined) throw syntaxError('Not enough parameters');
  await call.store.update((state) => {
    const machine = findMachine(state, name);
    requireUnlocked(
      machine,
      call,
      '"LockMachine(a->session, LockType_Write)" at line 640 of file VBoxManageModifyVM.cpp',
    );
    const rest = [...given];
    for (let option = rest.shift(); option !== undefined; option = rest.shift()) {
      const change = changeOf(option);
      if (change === undefined) throw syntaxError(`Unknown option: ${option}`);
      const value = rest.shift();
      if (value === undefined) throw syntaxError(`Missing value for option: ${option}`);
      change(machine, value, rest, state);
    }
    writeSettings(machine);
  });
}

function changeOf(option: string): Change | undefined {
  const plain = changes[option.replace(/^--/, '')];
  if (plain !== undefined && option.startsWith('--')) return plain;
  const numbered = /^--([a-z-]+?)-?(\d)$/.exec(option);
  const [, kind = '', slot = ''] = numbered ?? [];
  const change = adapterChanges[kind];
  if (change === undefined) return undefined;
  return (machine, value, rest) => {
    const adapter = machine.adapters.find((entry) => entry.slot === Number(slot));
    if (adapter === undefined) throw syntaxError(`Invalid NIC number ${slot}`);
    change(adapter, value, rest);
  };
}

const range = (what: string, value: string, low: number, high: number, unit = ''): number => {
  const number = Number(value);
  if (Number.isInteger(number) && number >= low && number <= high) return number;
  throw comError(`Invalid ${what}: ${value}${unit} (must be in range [${low}, ${high}]${unit})`, {
    code: 'E_INVALIDARG',
    component: 'SessionMachine, interface IMachine',
    context: '"COMSETTER(MemorySize)(ValueUnion.u32)" at line 693 of file VBoxManageModifyVM.cpp',
  });
};

const changes: Record<string, Change> = {
  name: (machine, value, _, state) => {
    rename(machine, value, state);
  },
  groups: (machine, value) => {
    machine.groups = value.split(',').map((group) => {
      if (/^\/[^\\:*?"<>|]*$/.test(group)) return group;
      throw comError(`Invalid machine group '${group}'`, {
        code: 'E_INVALIDARG',
        component: 'SessionMachine, interface IMachine',
      });
    });
  },
  memory: (machine, value) => {
    machine.memory = range('RAM size', value, 4, 2_097_152, ' MB');
  },
  cpus: (machine, value) => {
    machine.cpus = range('virtual CPU count', value, 1, 64);
  },
  ostype: (machine, value) => {
    machine.osType = value;
  },
};

// Settings that only show in showvminfo.
for (const name of [
  'description vram cpuexecutioncap rtcuseutc ioapic acpi hwvirtex nestedpaging pae nested-hw-virt paravirtprovider chipset',
  'firmware graphicscontroller accelerate3d audio audio-driver audio-enabled clipboard-mode draganddrop vrde usb usbehci usbxhci',
  'mouse keyboard hpet apic x2apic largepages vtxvpid vtxux biosbootmenu monitorcount defaultfrontend autostart-enabled',
  'recording snapshotfolder teleporter tracing-enabled bioslogofadein bioslogofadeout boot1 boot2 boot3 boot4',
].flatMap((line) => line.split(' ')))
  changes[name] = (machine, value) => {
    machine.settings[name] = value;
  };

const adapterTypes = ['none', 'null', 'nat', 'bridged', 'intnet', 'hostonly', 'natnetwork'] as const;
const nicTypes = ['Am79C970A', 'Am79C973', '82540EM', '82543GC', '82545EM', 'virtio'];

type AdapterChange = (adapter: Adapter, value: string, rest: string[]) => void;

const adapterChanges: Record<string, AdapterChange> = {
  nic: (adapter, value) => {
    const type = adapterTypes.find((known) => known === value);
    if (type === undefined) throw syntaxError(`Invalid type '${value}' specfied for NIC ${adapter.slot}`);
    adapter.type = type;
  },
  nictype: (adapter, value) => {
    const type = nicTypes.find((known) => known.toLowerCase() === value.toLowerCase());
    if (type === undefined)
      throw syntaxError(`Invalid NIC type '${value}' specified for NIC ${adapter.slot}`);
    adapter.nicType = type;
  },
  macaddress: (adapter, value) => {
    if (value === 'auto') adapter.mac = newMac();
    // Source of the words: NetworkAdapterImpl.cpp of VirtualBox.
    else if (!/^[0-9a-f]{12}$/i.test(value)) throw invalidMac('Invalid MAC address format');
    else if (/^.[13579bdf]/i.test(value)) throw invalidMac('Invalid MAC address format: multicast address');
    else adapter.mac = value.toUpperCase();
  },
  cableconnected: (adapter, value) => {
    adapter.cable = value === 'on';
  },
  hostonlyadapter: (adapter, value) => {
    adapter.hostOnly = value;
  },
  'host-only-adapter': (adapter, value) => {
    adapter.hostOnly = value;
  },
  bridgeadapter: (adapter, value) => {
    adapter.bridge = value;
  },
  intnet: (adapter, value) => {
    adapter.intnet = value;
  },
  natpf: (adapter, value, rest) => {
    adapter.forwards = forwardsAfter(adapter, value, rest);
  },
};
for (const name of 'natdnshostresolver natdnsproxy natdnspassdomain nataliasmode natlocalhostreachable natsettings nat-network natnet nicpromisc nicspeed nic-speed nicproperty nicbootprio nictrace'.split(
  ' ',
))
  adapterChanges[name] = (adapter, value) => {
    adapter.settings[name] = value;
  };

const invalidMac = (words: string) =>
  comError(words, { code: 'E_INVALIDARG', component: 'NetworkAdapterWrap, interface INetworkAdapter' });

/** The adapter's rules after `natpf <rule>` or `natpf delete <name>`. Source of the words: NATEngineImpl.cpp of VirtualBox. */
export function forwardsAfter(adapter: Adapter, value: string, rest: string[]): Adapter['forwards'] {
  if (value === 'delete') {
    const name = rest.shift();
    if (name === undefined) throw syntaxError('Not enough parameters');
    if (!adapter.forwards.some((rule) => rule.name === name))
      throw comError('The specified NAT redirect rule was not found', natEngine);
    return adapter.forwards.filter((rule) => rule.name !== name);
  }
  const [name = '', protocol = '', hostAddress = '', hostPort = '', guestAddress = '', guestPort = ''] =
    value.split(',');
  if (value.split(',').length !== 6 || (protocol !== 'tcp' && protocol !== 'udp'))
    throw syntaxError(`Missing or invalid argument to '--natpf${adapter.slot}'`);
  if (adapter.forwards.some((rule) => rule.name === name))
    throw comError('A NAT rule of this name already exists', natEngine);
  if (
    adapter.forwards.some(
      (rule) =>
        rule.protocol === protocol && rule.hostPort === Number(hostPort) && rule.hostAddress === hostAddress,
    )
  )
    throw comError('A NAT rule for this host port and this host IP already exists', natEngine);
  return [
    ...adapter.forwards,
    { name, protocol, hostAddress, hostPort: Number(hostPort), guestAddress, guestPort: Number(guestPort) },
  ];
}

const natEngine = {
  code: 'E_INVALIDARG',
  component: 'NATEngineWrap, interface INATEngine',
  context:
    '"AddRedirect(Bstr(strName).raw(), proto, Bstr(strHostIp).raw(), RTStrToUInt16(strHostPort), Bstr(strGuestIp).raw(), RTStrToUInt16(strGuestPort))" at line 1990 of file VBoxManageModifyVM.cpp',
} as const;

/**
 * A new name is a new folder, too, when the old folder has the old name.
 * Source of the words: https://github.com/hashicorp/vagrant/issues/4681
 */
function rename(machine: Machine, name: string, state: State): void {
  if (name === machine.name) return;
  if (state.machines.some((other) => other.name === name))
    throw comError(`Machine settings file '${name}' already exists`, {
      code: 'VBOX_E_FILE_ERROR',
      component: 'SessionMachine, interface IMachine',
    });
  const folder = path.join(path.dirname(machine.folder), name);
  if (path.basename(machine.folder) === machine.name) {
    if (existsSync(folder))
      throw comError(
        `Could not rename the directory '${machine.folder}' to '${folder}' to save the settings file (VERR_ALREADY_EXISTS)`,
        {
          code: 'VBOX_E_IPRT_ERROR',
          component: 'SessionMachine, interface IMachine',
          context: '"SaveSettings()" at line 3676 of file VBoxManageModifyVM.cpp',
        },
      );
    renameSync(machine.folder, folder);
    for (const medium of state.media)
      if (medium.file.startsWith(`${machine.folder}/`))
        medium.file = folder + medium.file.slice(machine.folder.length);
    rmSync(path.join(folder, path.basename(settingsFile(machine))), { force: true });
    machine.folder = folder;
  } else {
    rmSync(settingsFile(machine), { force: true });
  }
  machine.name = name;
}
