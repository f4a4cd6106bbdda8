// A test's tool, not VirtualBox: a stand-in for the one program `VBoxManage`, with system containers of lxc for machines.
// It answers what Vagrant's VirtualBox provider asks, as VirtualBox 7.0 or 6.1 does, so that tests run the real Vagrant
// on the real Vagrantfile where no hypervisor can run. Never part of the package.
//
//   VBOX_USER_HOME       its state; VirtualBox reads the same variable
//   HOME                 machines get their folders in `VirtualBox VMs` there
//   VBOXMANAGE_VERSION   what it says it is; 7.0.20 when not set
//   VBOXMANAGE_MACHINES  `paper`: nothing real is made or started
//   VBOXMANAGE_FAULTS    breakages, see faults.ts; also the lines of the file `faults` in its state folder
import { setTimeout as sleep } from 'node:timers/promises';
import { lxcBackend } from './backend/lxc.js';
import { paperBackend } from './backend/paper.js';
import { stateFolder, type Call, type Command, type Environment } from './call.js';
import { exportAppliance, importAppliance } from './commands/appliance.js';
import { cloneVm, unregisterVm } from './commands/clone.js';
import { controlVm, discardState, startVm } from './commands/control.js';
import { showVmInfo } from './commands/info.js';
import { list } from './commands/list.js';
import {
  cloneMedium,
  closeMedium,
  createMedium,
  getExtraData,
  guestProperty,
  modifyMedium,
  setExtraData,
  sharedFolder,
  showMediumInfo,
  storageAttach,
} from './commands/misc.js';
import { modifyVm } from './commands/modify.js';
import { dhcpServer, hostOnlyIf, natNetwork } from './commands/network.js';
import { snapshot } from './commands/snapshots.js';
import { Failure, syntaxError } from './errors.js';
import { Faults } from './faults.js';
import { Store } from './store.js';

const commands: Record<string, Command> = {
  list,
  showvminfo: showVmInfo,
  import: importAppliance,
  export: exportAppliance,
  clonevm: cloneVm,
  unregistervm: unregisterVm,
  modifyvm: modifyVm,
  startvm: startVm,
  controlvm: controlVm,
  discardstate: discardState,
  snapshot,
  hostonlyif: hostOnlyIf,
  dhcpserver: dhcpServer,
  natnetwork: natNetwork,
  guestproperty: guestProperty,
  setextradata: setExtraData,
  getextradata: getExtraData,
  sharedfolder: sharedFolder,
  createmedium: createMedium,
  modifymedium: modifyMedium,
  clonemedium: cloneMedium,
  closemedium: closeMedium,
  showmediuminfo: showMediumInfo,
  storageattach: storageAttach,
};

export interface Streams {
  out: (text: string) => void;
  err: (text: string) => void;
}

/** One call of VBoxManage; gives its exit status. */
export async function vboxManage(
  args: readonly string[],
  env: Environment,
  streams: Streams,
): Promise<number> {
  const store = new Store(stateFolder(env));
  const faults = new Faults(store, env);
  const call: Call = {
    ...streams,
    env,
    store,
    faults,
    backend: env.VBOXMANAGE_MACHINES === 'paper' ? paperBackend(store) : lxcBackend(store),
    version: faults.has('too-new') ? '7.9.0' : (env.VBOXMANAGE_VERSION ?? '7.0.20'),
  };
  const [name = '', ...rest] = args.filter((argument) => argument !== '--nologo' && argument !== '-q');
  if (faults.has('not-installed-right')) return 126;
  while (faults.hits('hang', name)) await sleep(1000);
  if (faults.has('no-vboxdrv')) streams.out(moduleMissing);
  try {
    if (name === '--version' || name === '-v' || name === '-V') {
      streams.out(`${call.version}r${buildOf(call.version)}\n`);
      return 0;
    }
    const command = commands[name];
    if (command === undefined)
      throw syntaxError(name === '' ? 'Command missing' : `Invalid command '${name}'.`);
    await command(rest, call);
    return 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    streams.err(error.text);
    return error.status;
  }
}

const buildOf = (version: string): number => (version.startsWith('6.1') ? 152_435 : 163_906);

/** Source of the words: the script VBox.sh of VirtualBox for Linux, which stands before every one of its programs. */
const moduleMissing = `WARNING: The vboxdrv kernel module is not loaded. Either there is no module
         available for the current kernel or it failed to load. Please recompile
         the kernel module and install it by

           sudo /sbin/vboxconfig

         You will not be able to start VMs until this problem is fixed.
`;
