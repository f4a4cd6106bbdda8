// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import path from 'node:path';
import type { Call } from '../call.js';
import { readOptions } from '../options.js';
import { syntaxError } from '../errors.js';
import { findMachine, machineState, settingsFile } from '../machines.js';
import type { Adapter, Machine, State } from '../state.js';
import { snapshotLines } from './snapshots.js';

/**
 * showvminfo. Names and order of the lines as in VBoxManageInfo.cpp (https://github.com/mirror/vbox) and in dumps of 7.0 such as
 * those of https://github.com/myspaghetti/macos-virtualbox/issues/340: `natnet1` and `macaddress1` stand before `nic1`, and
 * `Forwarding(n)` after it, which Vagrant's reading depends on.
 */
export function showVmInfo(args: string[], call: Call): void {
  const options = readOptions(args, ['--log'], ['--machinereadable|-machinereadable', '--details']);
  const [name] = options.plain;
  if (name === undefined) throw syntaxError('VM name or UUID required');
  const state = call.store.read();
  const machine = findMachine(
    state,
    name,
    '"FindMachine(Bstr(VMNameOrUuid).raw(), machine.asOutParam())" at line 3091 of file VBoxManageInfo.cpp',
  );
  const lines = options.has('--machinereadable')
    ? readable(machine, state, call)
    : human(machine, state, call);
  call.out(`${lines.join('\n')}\n`);
}

function readable(machine: Machine, state: State, call: Call): string[] {
  const setting = (name: string, fallback: string): string => `"${machine.settings[name] ?? fallback}"`;
  return [
    `name="${machine.name}"`,
    `groups="${machine.groups.join(',')}"`,
    `ostype="${machine.osType}"`,
    `UUID="${machine.uuid}"`,
    `CfgFile="${settingsFile(machine)}"`,
    `SnapFldr="${path.join(machine.folder, 'Snapshots')}"`,
    `LogFldr="${path.join(machine.folder, 'Logs')}"`,
    `hardwareuuid="${machine.uuid}"`,
    `memory=${machine.memory}`,
    'pagefusion="off"',
    `vram=${machine.settings.vram ?? '16'}`,
    `cpuexecutioncap=${machine.settings.cpuexecutioncap ?? '100'}`,
    'hpet="off"',
    'cpu-profile="host"',
    `chipset=${setting('chipset', 'piix3')}`,
    `firmware=${setting('firmware', 'BIOS')}`,
    `cpus=${machine.cpus}`,
    `pae=${setting('pae', 'on')}`,
    'longmode="on"',
    'triplefaultreset="off"',
    'apic="on"',
    'x2apic="on"',
    `nested-hw-virt=${setting('nested-hw-virt', 'off')}`,
    'cpuid-portability-level=0',
    'bootmenu="messageandmenu"',
    'boot1="disk"',
    'boot2="dvd"',
    'boot3="none"',
    'boot4="none"',
    `acpi=${setting('acpi', 'on')}`,
    `ioapic=${setting('ioapic', 'on')}`,
    'biosapic="apic"',
    'biossystemtimeoffset=0',
    `rtcuseutc=${setting('rtcuseutc', 'off')}`,
    `hwvirtex=${setting('hwvirtex', 'on')}`,
    `nestedpaging=${setting('nestedpaging', 'on')}`,
    `paravirtprovider=${setting('paravirtprovider', 'default')}`,
    `VMState="${machineState(machine, call)}"`,
    `VMStateChangeTime="${machine.changed}"`,
    `graphicscontroller=${setting('graphicscontroller', 'vmsvga')}`,
    'monitorcount=1',
    ...machine.controllers.flatMap((controller, index) => [
      `storagecontrollername${index}="${controller.name}"`,
      `storagecontrollertype${index}="${controller.type}"`,
      `storagecontrollerinstance${index}="0"`,
      `storagecontrollermaxportcount${index}="30"`,
      `storagecontrollerportcount${index}="${controller.ports}"`,
      `storagecontrollerbootable${index}="on"`,
    ]),
    ...machine.controllers.flatMap(({ name, ports, attached }) =>
      Array.from({ length: ports }, (_, port) => {
        const uuid = attached.find((entry) => entry.port === port)?.medium;
        const medium = state.media.find((entry) => entry.uuid === uuid);
        if (medium === undefined) return [`"${name}-${port}-0"="none"`];
        return [
          `"${name}-${port}-0"="${medium.file}"`,
          `"${name}-ImageUUID-${port}-0"="${medium.uuid}"`,
          `"${name}-tempeject-${port}-0"="off"`,
        ];
      }).flat(),
    ),
    ...machine.adapters.flatMap(adapterLines),
    'hidpointing="ps2mouse"',
    'hidkeyboard="ps2kbd"',
    'uart1="off"',
    'uart2="off"',
    'audio="none"',
    'clipboard="disabled"',
    'draganddrop="disabled"',
    'vrde="off"',
    'usb="off"',
    'ehci="off"',
    'xhci="off"',
    ...['Machine', 'Transient'].flatMap((kind) =>
      machine.sharedFolders
        .filter(({ transient }) => transient === (kind === 'Transient'))
        .flatMap(({ name, hostPath }, index) => [
          `SharedFolderName${kind}Mapping${index + 1}="${name}"`,
          `SharedFolderPath${kind}Mapping${index + 1}="${hostPath}"`,
        ]),
    ),
    'vrdeenabled="off"',
    'recording_enabled="off"',
    'GuestMemoryBalloon=0',
    ...snapshotLines(machine),
  ];
}

function adapterLines(adapter: Adapter): string[] {
  const { slot } = adapter;
  const plugged = [
    `macaddress${slot}="${adapter.mac}"`,
    `cableconnected${slot}="${adapter.cable ? 'on' : 'off'}"`,
    `nic${slot}="${adapter.type}"`,
    `nictype${slot}="${adapter.nicType}"`,
    `nicspeed${slot}="0"`,
  ];
  switch (adapter.type) {
    case 'none':
      return [`nic${slot}="none"`];
    case 'nat':
      return [
        `natnet${slot}="nat"`,
        ...plugged,
        'mtu="0"',
        'sockSnd="64"',
        'sockRcv="64"',
        'tcpWndSnd="64"',
        'tcpWndRcv="64"',
        ...adapter.forwards.map(
          (rule, index) =>
            `Forwarding(${index})="${rule.name},${rule.protocol},${rule.hostAddress},${rule.hostPort},` +
            `${rule.guestAddress},${rule.guestPort}"`,
        ),
      ];
    case 'hostonly':
      return [`hostonlyadapter${slot}="${adapter.hostOnly}"`, ...plugged];
    case 'bridged':
      return [`bridgeadapter${slot}="${adapter.bridge}"`, ...plugged];
    case 'intnet':
      return [`intnet${slot}="${adapter.intnet}"`, ...plugged];
    default:
      return plugged;
  }
}

/** What a person reads; programs only look whether it came. */
function human(machine: Machine, state: State, call: Call): string[] {
  const used = machine.adapters.filter(({ type }) => type !== 'none');
  return [
    `Name:                        ${machine.name}`,
    `Groups:                      ${machine.groups.join(',')}`,
    `Guest OS:                    ${machine.osType}`,
    `UUID:                        ${machine.uuid}`,
    `Config file:                 ${settingsFile(machine)}`,
    `Memory size:                 ${machine.memory}MB`,
    `Number of CPUs:              ${machine.cpus}`,
    `State:                       ${words[machineState(machine, call)]} (since ${machine.changed})`,
    ...used.map(
      (adapter) => `NIC ${adapter.slot}:                       MAC: ${adapter.mac}, ${adapter.type}`,
    ),
    `Disks:                       ${state.media.length}`,
  ];
}

const words: Record<Machine['state'], string> = {
  poweroff: 'powered off',
  saved: 'saved',
  aborted: 'aborted',
  starting: 'starting',
  running: 'running',
  paused: 'paused',
  stopping: 'stopping',
  gurumeditation: 'guru meditation',
};
