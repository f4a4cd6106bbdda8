// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { machineFolder, type Call } from '../call.js';
import { comError, Failure, plainError, progress, stoppedAt, syntaxError } from '../errors.js';
import { findMachine, newMachine, requireUnlocked, writeSettings } from '../machines.js';
import { newMedium } from '../media.js';
import { readOptions } from '../options.js';

interface Appliance {
  name: string;
  osType: string;
  cpus: number;
  memory: number;
  mac: string;
  disk: { file: string; capacity: number };
}

/** Reads what the stand-in needs of an OVF file: one machine with one disk and a NAT adapter. */
function readOvf(file: string): Appliance {
  if (!existsSync(file))
    throw comError(`Could not open file '${file}' (VERR_FILE_NOT_FOUND)`, {
      code: 'VBOX_E_IPRT_ERROR',
      component: 'ApplianceWrap, interface IAppliance',
      context:
        '"Read(bstrOvfFilename.raw(), progressRead.asOutParam())" at line 432 of file VBoxManageAppliance.cpp',
    });
  const text = readFileSync(file, 'utf8');
  const of = (pattern: RegExp, fallback = ''): string => pattern.exec(text)?.[1] ?? fallback;
  const quantity = (type: number): number =>
    Number(
      of(new RegExp(`<rasd:ResourceType>${type}</rasd:ResourceType>\\s*<rasd:VirtualQuantity>(\\d+)<`), '1'),
    );
  return {
    name: of(/<VirtualSystem ovf:id="([^"]+)"/, 'box'),
    osType: of(/<vbox:OSType[^>]*>([^<]+)</, 'Debian_64'),
    cpus: quantity(3),
    memory: quantity(4),
    mac: of(/MACAddress="([0-9A-F]{12})"/i),
    disk: {
      file: of(/<File [^>]*ovf:href="([^"]+)"/),
      capacity: Number(of(/<Disk [^>]*ovf:capacity="(\d+)"/, '0')),
    },
  };
}

/** import. Source of formats: VBoxManageAppliance.cpp of VirtualBox (https://github.com/mirror/vbox). */
export async function importAppliance(args: string[], call: Call): Promise<void> {
  const options = readOptions(
    args,
    [
      '--vsys',
      '--vmname',
      '--unit',
      '--disk',
      '--options',
      '--basefolder',
      '--settingsfile',
      '--group',
      '--cpus',
      '--memory',
      '--ostype',
    ],
    ['--dry-run|-n|-dry-run|--dryrun'],
  );
  const [given] = options.plain;
  if (given === undefined) throw syntaxError('Not enough arguments for "import" command.');
  const file = path.resolve(given);
  const appliance = readOvf(file);
  call.err(`${progress}Interpreting ${file}...\nOK.\n`);
  const folder = machineFolder(call.env);
  const name = options.get('--vmname') ?? unusedName(appliance.name, call);
  call.out(suggestions(appliance, path.join(folder, name)));
  if (options.has('--dry-run')) return;
  const target = path.resolve(path.join(folder, name), options.get('--disk') ?? appliance.disk.file);
  // https://github.com/hashicorp/vagrant/issues/4098
  if (call.faults.has('disk-full'))
    throw failedImport(
      `Could not create the imported medium '${target}'.\n` +
        `VMDK: cannot write allocated data block in '${target}' (VERR_DISK_FULL)`,
      20,
    );
  await importMachine(appliance, file, { name, folder: path.join(folder, name), target }, call);
  call.err(progress);
  call.out('Successfully imported the appliance.\n');
}

const failedImport = (words: string, percent: number): Failure =>
  comError(`Appliance import failed\n${words}`, {
    code: 'VBOX_E_FILE_ERROR',
    component: 'ApplianceWrap, interface IAppliance',
    context: '"RTEXITCODE handleImportAppliance(HandlerArg *)" at line 1416 of file VBoxManageAppliance.cpp',
    callee: false,
    before: stoppedAt(percent, 'VBOX_E_FILE_ERROR'),
  });

async function importMachine(
  appliance: Appliance,
  ovf: string,
  { name, folder, target }: { name: string; folder: string; target: string },
  call: Call,
): Promise<void> {
  const machine = newMachine(randomUUID(), name, folder);
  Object.assign(machine, { osType: appliance.osType, cpus: appliance.cpus, memory: appliance.memory });
  const first = machine.adapters[0];
  if (first !== undefined) {
    first.type = 'nat';
    if (appliance.mac !== '') first.mac = appliance.mac.toUpperCase();
  }
  if (call.store.read().machines.some((other) => other.name === name) || existsSync(target))
    throw failedImport(`Machine settings file '${path.join(folder, `${name}.vbox`)}' already exists`, 0);
  const medium = newMedium(target, appliance.disk.capacity, 'VMDK');
  try {
    await call.backend.unpackDisk(medium, path.join(path.dirname(ovf), appliance.disk.file));
  } catch (error) {
    await call.backend.removeDisk(medium.uuid);
    const words = error instanceof Error ? error.message : String(error);
    throw failedImport(
      words.includes('No space left')
        ? `VMDK: cannot write allocated data block in '${target}' (VERR_DISK_FULL)`
        : `Could not create the imported medium '${target}': ${words}`,
      50,
    );
  }
  await call.store.update((state) => {
    state.media.push(medium);
    machine.controllers[0]?.attached.push({ port: 0, medium: medium.uuid });
    state.machines.push(machine);
    writeSettings(machine);
  });
}

function unusedName(name: string, call: Call): string {
  const taken = new Set(call.store.read().machines.map((machine) => machine.name));
  let number = 0;
  while (taken.has(number === 0 ? name : `${name} ${number}`)) number++;
  return number === 0 ? name : `${name} ${number}`;
}

/** What the appliance would become. Since 6.0 the target path of a disk is relative to the machine's folder. */
function suggestions({ name, osType, cpus, memory, disk }: Appliance, folder: string): string {
  const suggested = path.basename(folder);
  const base = path.dirname(folder);
  return [
    'Disks:',
    `  vmdisk1\t${disk.capacity}\t-1\thttp://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized\t${disk.file}\t-1\t-1\t`,
    '',
    'Virtual system 0:',
    ` 0: Suggested OS type: "${osType}"`,
    '    (change with "--vsys 0 --ostype <type>"; use "list ostypes" to list all possible values)',
    ` 1: Suggested VM name "${suggested === name ? name : suggested}"`,
    '    (change with "--vsys 0 --vmname <name>")',
    ' 2: Suggested VM group "/"',
    '    (change with "--vsys 0 --group <group>")',
    ` 3: Suggested VM settings file name "${path.join(folder, `${suggested}.vbox`)}"`,
    '    (change with "--vsys 0 --settingsfile <filename>")',
    ` 4: Suggested VM base folder "${base}"`,
    '    (change with "--vsys 0 --basefolder <path>")',
    ` 5: Number of CPUs: ${cpus}`,
    '    (change with "--vsys 0 --cpus <n>")',
    ` 6: Guest memory: ${memory} MB`,
    '    (change with "--vsys 0 --memory <MB>")',
    ' 7: Network adapter: orig NAT, config 3, extra slot=0;type=NAT',
    ' 8: SATA controller, type AHCI',
    '    (change with "--vsys 0 --unit 8 --scsitype {BusLogic|LsiLogic}";',
    '    disable with "--vsys 0 --unit 8 --ignore")',
    ` 9: Hard disk image: source image=${disk.file}, target path=${disk.file}, controller=8;port=0`,
    '    (change target path with "--vsys 0 --unit 9 --disk path";',
    '    change controller with "--vsys 0 --unit 9 --controller <index>";',
    '    disable with "--vsys 0 --unit 9 --ignore")',
    '',
  ].join('\n');
}

/** export. The disk goes along, so that what was exported can be imported again. */
export async function exportAppliance(args: string[], call: Call): Promise<void> {
  const options = readOptions(
    args,
    ['--output|-o', '--vsys', '--product'],
    ['--manifest', '--ovf09', '--ovf10', '--ovf20'],
  );
  const [name] = options.plain;
  const output = options.get('--output');
  if (name === undefined || output === undefined) throw syntaxError('Missing arguments to "export" command.');
  const state = call.store.read();
  const machine = findMachine(state, name);
  requireUnlocked(
    machine,
    call,
    '"LockMachine(a->session, LockType_Shared)" at line 1960 of file VBoxManageAppliance.cpp',
  );
  if (existsSync(output))
    throw comError(`Appliance write failed\nCould not create file '${output}' (VERR_ALREADY_EXISTS)`, {
      code: 'VBOX_E_FILE_ERROR',
      component: 'ApplianceWrap, interface IAppliance',
      callee: false,
      before: stoppedAt(0, 'VBOX_E_FILE_ERROR'),
    });
  const uuid = machine.controllers[0]?.attached[0]?.medium;
  const medium = state.media.find((entry) => entry.uuid === uuid);
  if (medium === undefined) throw plainError(`Machine '${machine.name}' has no disk`);
  mkdirSync(path.dirname(path.resolve(output)), { recursive: true });
  const disk = `${path.basename(output, path.extname(output))}-disk001.vmdk`;
  await call.backend.packDisk(medium, path.join(path.dirname(path.resolve(output)), disk));
  writeFileSync(
    output,
    ovf({
      name: machine.name,
      osType: machine.osType,
      cpus: machine.cpus,
      memory: machine.memory,
      mac: machine.adapters[0]?.mac ?? '',
      disk: { file: disk, capacity: medium.capacity },
    }),
  );
  call.err(progress);
  call.out('Successfully exported 1 machine(s).\n');
}

/** An OVF file as VirtualBox writes it, as far as boxes and the stand-in read it. */
export function ovf({ name, osType, cpus, memory, mac, disk }: Appliance): string {
  const item = (type: number, quantity: number, title: string, id: number): string =>
    `      <Item>\n        <rasd:Caption>${title}</rasd:Caption>\n        <rasd:InstanceID>${id}</rasd:InstanceID>\n` +
    `        <rasd:ResourceType>${type}</rasd:ResourceType>\n        <rasd:VirtualQuantity>${quantity}</rasd:VirtualQuantity>\n      </Item>\n`;
  return `<?xml version="1.0"?>
<Envelope ovf:version="1.0" xml:lang="en-US" xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData" xmlns:vbox="http://www.virtualbox.org/ovf/machine">
  <References>
    <File ovf:id="file1" ovf:href="${disk.file}"/>
  </References>
  <DiskSection>
    <Info>List of the virtual disks used in the package</Info>
    <Disk ovf:capacity="${disk.capacity}" ovf:diskId="vmdisk1" ovf:fileRef="file1" ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/>
  </DiskSection>
  <NetworkSection>
    <Info>Logical networks used in the package</Info>
    <Network ovf:name="NAT"/>
  </NetworkSection>
  <VirtualSystem ovf:id="${name}">
    <Info>A virtual machine</Info>
    <OperatingSystemSection ovf:id="96">
      <Info>The kind of installed guest operating system</Info>
      <vbox:OSType ovf:required="false">${osType}</vbox:OSType>
    </OperatingSystemSection>
    <VirtualHardwareSection>
      <Info>Virtual hardware requirements for a virtual machine</Info>
${item(3, cpus, `${cpus} virtual CPU`, 1)}${item(4, memory, `${memory} MB of memory`, 2)}    </VirtualHardwareSection>
    <vbox:Machine ovf:required="false" version="1.19-linux" name="${name}">
      <Hardware>
        <Network>
          <Adapter slot="0" enabled="true" MACAddress="${mac}" type="82540EM"><NAT/></Adapter>
        </Network>
      </Hardware>
    </vbox:Machine>
  </VirtualSystem>
</Envelope>
`;
}
