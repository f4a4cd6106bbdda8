// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import os from 'node:os';
import type { Call } from '../call.js';
import { comError, Failure, plainError, progress, syntaxError, type Code } from '../errors.js';
import type { FaultName } from '../faults.js';
import { become, findMachine, isHeld, isLive, machineState, requireRunning } from '../machines.js';
import { readOptions } from '../options.js';
import { ownProcess, type Process } from '../processes.js';
import type { Machine, State } from '../state.js';
import { forwardsAfter } from './modify.js';

/** startvm. Source of formats: VBoxManageMisc.cpp of VirtualBox. */
export async function startVm(args: string[], call: Call): Promise<void> {
  const options = readOptions(args, ['--type|-type', '--putenv|-E']);
  const [name] = options.plain;
  if (name === undefined) throw syntaxError('at least one VM name or uuid required');
  const type = options.get('--type') ?? 'gui';
  if (!['gui', 'headless', 'sdl', 'separate'].includes(type))
    throw syntaxError(`Invalid frontend type '${type}'`);
  const before = await call.store.update((state) => {
    const machine = findMachine(
      state,
      name,
      '"FindMachine(Bstr(pszVM).raw(), machine.asOutParam())" at line 788 of file VBoxManageMisc.cpp',
    );
    requireStartable(machine, call);
    const was = machineState(machine, call);
    become(machine, 'starting');
    machine.session = ownProcess();
    return was;
  });
  const state = call.store.read();
  const machine = findMachine(state, name);
  call.out(`Waiting for VM "${machine.name}" to power on...\n`);
  try {
    refuse(call);
    requireMemory(machine);
    requireNetworks(machine, state);
    const pid =
      before === 'saved' ? await resumeSaved(machine, call) : await call.backend.start(machine, state);
    await call.store.update((current) => {
      const started = findMachine(current, machine.uuid);
      become(started, 'running');
      started.process = pid;
      delete started.session;
    });
  } catch (error) {
    await call.store.update((current) => {
      const failed = findMachine(current, machine.uuid);
      become(failed, before === 'saved' ? 'saved' : 'poweroff');
      delete failed.session;
    });
    if (error instanceof Failure) throw error;
    throw consoleError(error instanceof Error ? error.message : String(error));
  }
  await afterStart(machine, call);
  call.out(`VM "${machine.name}" has been successfully started.\n`);
}

/** Source of the words: https://github.com/hashicorp/packer/issues/12008 */
function requireStartable(machine: Machine, call: Call): void {
  if (!isLive(machine, call) && !isHeld(machine)) return;
  throw comError(
    `The machine '${machine.name}' is already locked by a session (or being locked or unlocked)`,
    {
      code: 'VBOX_E_INVALID_OBJECT_STATE',
      component: 'MachineWrap, interface IMachine',
      context:
        '"LaunchVMProcess(a->session, sessionType.raw(), ComSafeArrayAsInParam(aBstrEnv), progress.asOutParam())" at line 921 of file VBoxManageMisc.cpp',
    },
  );
}

const consoleError = (words: string, code: Code = 'NS_ERROR_FAILURE'): Failure =>
  comError(words, { code, component: 'ConsoleWrap, interface IConsole', callee: false });

/** Why a computer cannot start machines at all, in the words of public reports. */
const refusals: Partial<Record<FaultName, string>> = {
  // https://github.com/cliffe/SecGen/issues/224, https://github.com/Zonama/ZonamaDev/issues/74
  'no-vtx': 'VT-x is not available (VERR_VMX_NO_VMX)',
  // https://github.com/jedi4ever/veewee/issues/1109
  'no-amd-v': 'AMD-V is not available (VERR_SVM_NO_SVM)',
  // https://github.com/kubernetes/minikube/issues/4672
  'hyper-v':
    'Call to WHvSetupPartition failed: ERROR_SUCCESS (Last=0xc000000d/87) (VERR_NEM_VM_CREATE_FAILED)',
  // https://github.com/kubernetes/minikube/issues/4913
  'kvm-in-use':
    "VirtualBox can't operate in VMX root mode. Please disable the KVM kernel extension, recompile your kernel and reboot (VERR_VMX_IN_VMX_ROOT_MODE)",
  // The words that VirtualBox's own header err.h has for the code.
  'no-memory':
    'Out of memory condition when allocating memory with low physical backing. (VERR_NO_LOW_MEMORY)',
};

function refuse(call: Call): void {
  for (const [fault, words] of Object.entries(refusals) as [FaultName, string][])
    if (call.faults.has(fault)) throw consoleError(words);
  // https://github.com/hashicorp/vagrant/issues/10412
  if (call.faults.has('no-vboxdrv'))
    throw comError(
      `The virtual machine '…' has terminated unexpectedly during startup with exit code 1 (0x1)`,
      { code: 'NS_ERROR_FAILURE', component: 'MachineWrap, interface IMachine', callee: false },
    );
}

function requireMemory(machine: Machine): void {
  if (machine.memory * 1024 ** 2 > os.totalmem()) throw consoleError(refusals['no-memory'] ?? '');
}

/** Source of the words: ConsoleImpl2.cpp of VirtualBox and https://github.com/lanx-x/VRouter/issues/73 */
function requireNetworks(machine: Machine, state: State): void {
  for (const { type, hostOnly } of machine.adapters)
    if (type === 'hostonly' && !state.hostOnly.some(({ name }) => name === hostOnly))
      throw consoleError(`Nonexistent host networking interface, name '${hostOnly}' (VERR_INTERNAL_ERROR)`);
}

async function resumeSaved(machine: Machine, call: Call): Promise<Process> {
  await call.backend.forward(machine, natRules(machine));
  await call.backend.thaw(machine);
  if (machine.frozen === undefined) throw new Error('the saved state is gone');
  return machine.frozen;
}

const natRules = (machine: Machine) => machine.adapters.find(({ type }) => type === 'nat')?.forwards ?? [];

/** Machines that come up and then do not do what they should. */
async function afterStart({ uuid }: Machine, call: Call): Promise<void> {
  const machine = findMachine(call.store.read(), uuid);
  if (call.faults.has('no-ssh')) await call.backend.freeze(machine);
  if (call.faults.has('aborted')) call.backend.crash(machine, 3);
  if (call.faults.has('gurumeditation')) {
    await call.backend.freeze(machine);
    await call.store.update((state) => {
      become(findMachine(state, uuid), 'gurumeditation');
    });
  }
}

/** controlvm. Source of formats: VBoxManageControlVM.cpp of VirtualBox. */
export async function controlVm(args: string[], call: Call): Promise<void> {
  const [name, verb, ...rest] = args;
  if (name === undefined || verb === undefined) throw syntaxError('Not enough parameters');
  const machine = findMachine(
    call.store.read(),
    name,
    '"FindMachine(Bstr(a->argv[0]).raw(), machine.asOutParam())" at line 432 of file VBoxManageControlVM.cpp',
  );
  requireRunning(machine, call);
  const natpf = /^natpf(\d)$/.exec(verb);
  if (natpf !== null) {
    await forward(machine.uuid, Number(natpf[1]), rest, call);
    return;
  }
  const act = controls[verb];
  if (act === undefined) throw syntaxError(`Invalid parameter '${verb}'`);
  await act(machine, call);
}

const controls: Record<string, (machine: Machine, call: Call) => Promise<void>> = {
  acpipowerbutton: async (machine, call) => {
    requireState(machine, call, ['running'], '"PowerButton()"');
    await call.backend.pressPowerButton(machine);
  },
  poweroff: async (machine, call) => {
    await call.backend.powerOff(machine);
    await settle(machine, 'poweroff', call);
    call.err(progress);
  },
  reset: async (machine, call) => {
    await call.backend.powerOff(machine);
    const state = call.store.read();
    const pid = await call.backend.start(findMachine(state, machine.uuid), state);
    await call.store.update((current) => {
      findMachine(current, machine.uuid).process = pid;
    });
  },
  pause: async (machine, call) => {
    requireState(machine, call, ['running'], '"Pause()"');
    await call.backend.freeze(machine);
    await settle(machine, 'paused', call);
  },
  resume: async (machine, call) => {
    requireState(machine, call, ['paused'], '"Resume()"');
    await call.backend.thaw(machine);
    await settle(machine, 'running', call);
  },
  savestate: async (machine, call) => {
    requireState(machine, call, ['running', 'paused'], '"SaveState(progress.asOutParam())"');
    await call.backend.freeze(machine);
    await call.backend.forward(machine, []);
    await call.store.update((state) => {
      const saved = findMachine(state, machine.uuid);
      if (saved.process !== undefined) saved.frozen = saved.process;
      become(saved, 'saved');
    });
    call.err(progress);
  },
};

/** Source of the words: ConsoleImpl.cpp of VirtualBox. */
function requireState(machine: Machine, call: Call, wanted: Machine['state'][], what: string): void {
  const state = machineState(machine, call);
  if (wanted.includes(state)) return;
  throw comError(`Invalid machine state: ${stateNames[state]}`, {
    code: 'VBOX_E_INVALID_VM_STATE',
    component: 'ConsoleWrap, interface IConsole',
    context: `${what} at line 525 of file VBoxManageControlVM.cpp`,
  });
}

const stateNames: Record<Machine['state'], string> = {
  poweroff: 'PoweredOff',
  saved: 'Saved',
  aborted: 'Aborted',
  starting: 'Starting',
  running: 'Running',
  paused: 'Paused',
  stopping: 'Stopping',
  gurumeditation: 'GuruMeditation',
};

async function settle({ uuid }: Machine, to: Machine['state'], call: Call): Promise<void> {
  await call.store.update((state) => {
    become(findMachine(state, uuid), to);
  });
}

async function forward(uuid: string, slot: number, args: string[], call: Call): Promise<void> {
  const [value = '', ...rest] = args;
  await call.store.update(async (state) => {
    const machine = findMachine(state, uuid);
    const adapter = machine.adapters.find((entry) => entry.slot === slot);
    if (adapter?.type !== 'nat') throw plainError(`NIC ${slot} is not attached to NAT`);
    adapter.forwards = forwardsAfter(adapter, value, rest);
    await call.backend.forward(machine, adapter.forwards);
  });
}

/** discardstate. Source of the words: MachineImpl.cpp of VirtualBox. */
export async function discardState(args: string[], call: Call): Promise<void> {
  const [name] = args;
  if (name === undefined) throw syntaxError('Incorrect number of parameters');
  await call.store.update(async (state) => {
    const machine = findMachine(state, name);
    if (machine.state !== 'saved')
      throw comError(
        'Cannot discard the saved state as the machine is not in the saved state (machine state: PoweredOff)',
        {
          code: 'VBOX_E_INVALID_VM_STATE',
          component: 'SessionMachine, interface IMachine',
          context: '"DiscardSavedState(true)" at line 1021 of file VBoxManageMisc.cpp',
        },
      );
    await call.backend.powerOff(machine);
    become(machine, 'poweroff');
  });
}
