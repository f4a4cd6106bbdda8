import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, Machine, Role } from '../../../src/plan/cluster.js';
import type { LabContext } from '../../../src/vagrant/lab.js';
import type { ProgressEvent, Reporter } from '../../../src/vagrant/progress.js';
import type { MachineRecord, StateStore } from '../../../src/vagrant/state.js';

/** How an imitation behaves for one call, such as `vagrant up cp1` or `provision worker1`. */
export interface Behaviour {
  stdout?: string;
  stderr?: string;
  exit?: number;
  /** Acts only when the test opens this gate; without a gate it acts at once. */
  gate?: string;
  /** Having printed its output, hangs forever. */
  hang?: boolean;
  /** Ignores SIGINT and SIGTERM. */
  stubborn?: boolean;
  /** Starts a child that ignores SIGINT and outlives it. */
  child?: boolean;
}

/** Imitation of Vagrant and ssh. Machines "run" when a file of their name is in `running/`. */
const imitation = (kind: 'vagrant' | 'ssh'): string => `#!${process.execPath}
// This is an imitation of ${kind} for k8slab's tests. It starts no machine and connects to nothing.
const fs = require('node:fs');
const path = require('node:path');
const { spawn } = require('node:child_process');
const dir = process.env.FAKE_DIR;
const args = process.argv.slice(2);
const provider = process.env.VAGRANT_DEFAULT_PROVIDER;
const file = (...parts) => path.join(dir, ...parts);
const note = (text) => fs.appendFileSync(file('events'), text + '\\n');
fs.appendFileSync(file('pids'), process.pid + '\\n');

const command = '${kind}' === 'ssh' ? args[args.length - 1] : '';
const machine = '${kind}' === 'ssh' ? args[args.indexOf('--') - 1] : args[1];
const call = '${kind}' === 'vagrant' ? 'vagrant ' + args.slice(0, 2).join(' ')
  : command.includes('provisioner=') ? 'provision ' + machine
  : command.includes('hostname=') ? 'probe ' + machine : 'ssh ' + machine;
const all = JSON.parse(fs.readFileSync(file('behaviours'), 'utf8'));
const behaviour = all[call] ?? {};
note('start ' + call);
if (behaviour.stubborn) for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => note(name + ' ' + call));
else process.on('SIGINT', () => { note('SIGINT ' + call); process.exit(130); });
if (behaviour.child) {
  const child = spawn(process.execPath, ['-e', "process.on('SIGINT', () => {}); setInterval(() => {}, 1000)"], { stdio: 'inherit' });
  fs.appendFileSync(file('pids'), child.pid + '\\n');
}
const timer = setInterval(() => {
  if (behaviour.gate && !fs.existsSync(file('open', behaviour.gate))) return;
  clearInterval(timer);
  act();
}, 10);

function end(status) {
  note('end ' + call + ' ' + status);
  process.exitCode = status;
  process.exit();
}
function act() {
  if (behaviour.stdout) fs.writeSync(1, behaviour.stdout);
  if (behaviour.stderr) fs.writeSync(2, behaviour.stderr);
  if (behaviour.hang) return setInterval(() => {}, 1000);
  if (behaviour.exit !== undefined) return end(behaviour.exit);
  const running = file('running', String(machine));
  const known = path.join(process.env.VAGRANT_CWD ?? '', '.vagrant', 'machines', String(machine), String(provider));
  if (call.startsWith('vagrant up')) {
    fs.writeFileSync(running, '');
    fs.mkdirSync(known, { recursive: true });
    fs.writeFileSync(path.join(known, 'id'), 'x');
  } else if (call.startsWith('vagrant halt')) fs.rmSync(running, { force: true });
  else if (call.startsWith('vagrant destroy')) {
    for (const gone of [running, known, file('marker', machine)]) fs.rmSync(gone, { recursive: true, force: true });
  } else if (call.startsWith('vagrant ssh-config')) {
    if (!fs.existsSync(running)) {
      fs.writeSync(2, 'The provider for this Vagrant-managed machine is reporting that it\\nis not yet ready for SSH.\\n');
      return end(1);
    }
    const port = fs.readFileSync(file('port'), 'utf8');
    fs.writeSync(1, 'Host ' + machine + '\\n  HostName 127.0.0.1\\n  User vagrant\\n  Port ' + port + '\\n  IdentityFile "/keys/with space"\\n');
  } else if (call.startsWith('vagrant status')) {
    for (const name of args.slice(1).filter((word) => !word.startsWith('-'))) {
      fs.writeSync(1, '1,' + name + ',state,' + (fs.existsSync(file('running', name)) ? 'running' : 'poweroff') + '\\n');
    }
  } else if ('${kind}' === 'ssh') {
    const block = fs.readFileSync(args[args.indexOf('-F') + 1], 'utf8').split('Host ').find((text) => text.startsWith(machine + '\\n'));
    if (!fs.existsSync(running) || !block.includes('Port ' + fs.readFileSync(file('port'), 'utf8') + '\\n')) {
      fs.writeSync(2, 'ssh: connect to host 127.0.0.1 port 22: Connection refused\\r\\n');
      return end(255);
    }
    const marker = file('marker', machine);
    if (call.startsWith('probe')) {
      const hash = fs.existsSync(marker) ? fs.readFileSync(marker, 'utf8') : '';
      const addresses = JSON.parse(fs.readFileSync(file('addresses'), 'utf8'));
      fs.writeSync(1, 'hostname=' + machine + '\\nmachine-id=abc\\nprovisioned=' + hash + '\\naddress=10.0.2.15\\naddress=' + addresses[machine] + '\\n');
    } else if (call.startsWith('provision')) {
      fs.writeSync(1, '==> step 1/2 First\\nworking\\n==> step 2/2 Second\\n');
      fs.writeFileSync(marker, /echo ([0-9a-f]{64}) /.exec(command)[1]);
    }
  }
  end(0);
}
`;

/** A lab of imitations in a temporary folder (with a blank and a quote in its name). */
export class FakeLab {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'k8slab-test-')));
  readonly dir = join(this.root, 'fake');
  readonly folder = join(this.root, "the lab's folder");
  readonly lab: LabContext;
  readonly events: ProgressEvent[] = [];
  readonly report: Reporter = (event) => void this.events.push(event);

  constructor(cluster: Cluster) {
    const bin = join(this.root, 'bin');
    for (const folder of [
      bin,
      this.folder,
      ...['open', 'running', 'marker'].map((name) => join(this.dir, name)),
    ]) {
      mkdirSync(folder, { recursive: true });
    }
    mkdirSync(join(this.folder, 'provision'));
    for (const kind of ['vagrant', 'ssh'] as const) {
      writeFileSync(join(bin, kind), imitation(kind));
      chmodSync(join(bin, kind), 0o755);
    }
    for (const { name } of cluster.machines)
      writeFileSync(join(this.folder, 'provision', `${name}.sh`), `echo ${name}\n`);
    writeFileSync(join(this.dir, 'behaviours'), '{}');
    writeFileSync(join(this.dir, 'events'), '');
    writeFileSync(join(this.dir, 'pids'), '');
    this.port = 2222;
    const addresses = Object.fromEntries(cluster.machines.map(({ name, address }) => [name, address]));
    writeFileSync(join(this.dir, 'addresses'), JSON.stringify(addresses));
    this.lab = {
      cluster,
      folder: this.folder,
      env: { PATH: [bin, process.env.PATH ?? ''].join(delimiter), FAKE_DIR: this.dir },
      patience: { interrupt: 400, terminate: 400 },
    };
  }

  /** The port every machine listens on from now on. */
  set port(port: number) {
    writeFileSync(join(this.dir, 'port'), String(port));
  }

  behave(behaviours: Record<string, Behaviour>): void {
    writeFileSync(join(this.dir, 'behaviours'), JSON.stringify(behaviours));
  }

  open(gate: string): void {
    writeFileSync(join(this.dir, 'open', gate), '');
  }

  /** Calls of the imitations so far: `start vagrant up cp1`, `end vagrant up cp1 0`. */
  get calls(): string[] {
    return readFileSync(join(this.dir, 'events'), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  }

  forget(): void {
    writeFileSync(join(this.dir, 'events'), '');
  }

  async until(...calls: string[]): Promise<void> {
    for (let attempt = 0; attempt < 1000; attempt++) {
      if (calls.every((call) => this.calls.includes(call))) return;
      await sleep(10);
    }
    throw new Error(`never seen: ${calls.filter((call) => !this.calls.includes(call)).join(', ')}`);
  }

  /** Processes of imitations that are still there. */
  get alive(): number[] {
    return readFileSync(join(this.dir, 'pids'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map(Number)
      .filter(isAlive);
  }

  text(...parts: string[]): string {
    return readFileSync(join(this.folder, ...parts), 'utf8');
  }

  exists(...parts: string[]): boolean {
    return existsSync(join(this.folder, ...parts));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A zombie that nobody has reaped yet does nothing any more. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** State in memory. */
export function memoryStore(): StateStore & { records: Record<string, MachineRecord> } {
  const store = {
    records: {} as Record<string, MachineRecord>,
    read: () => Promise.resolve(store.records),
    update: (machine: string, change: (record: MachineRecord) => MachineRecord | undefined) => {
      const { [machine]: record, ...others } = store.records;
      const changed = change(record ?? { created: false });
      store.records = changed === undefined ? others : { ...others, [machine]: changed };
      return Promise.resolve();
    },
  };
  return store;
}

/** A plan by hand: machine names by role; with `kubeadm` the second step of each provisioner waits for others. */
export function makeCluster(machines: [string, Role][], bootstrap: 'none' | 'kubeadm' = 'none'): Cluster {
  const choice = { name: bootstrap, options: {} };
  return {
    schema: 1,
    name: 'demo',
    description: '',
    provider: 'virtualbox',
    box: { key: 'custom', name: 'demo/box', family: 'apt', user: 'vagrant' },
    bootstrap: choice,
    runtime: { name: 'containerd', options: {} },
    cni: { name: 'bridge', options: {} },
    networking: {
      hostOnly: {
        cidr: '192.168.57.0/24',
        prefix: 24,
        netmask: '255.255.255.0',
        hostAddress: '192.168.57.1',
        bridge: 'k8slab57',
      },
      nat: { cidr: '10.0.2.0/24', address: '10.0.2.15' },
      podSubnet: '10.244.0.0/16',
      serviceSubnet: '10.96.0.0/12',
      apiServiceAddress: '10.96.0.1',
      dnsServiceAddress: '10.96.0.10',
      dnsDomain: 'cluster.local',
    },
    machines: machines.map(([name, role], index) => machine(name, role, index)),
    sources: [],
    images: [],
    secrets: [],
    ports: [],
    totals: { machines: machines.length, cpus: 1, memoryMiB: 1, diskGiB: 1 },
    warnings: [],
  };
}

function machine(name: string, role: Role, index: number): Machine {
  const step = { title: 't', why: 'w', link: 'https://example.org', script: 's', files: [] };
  return {
    name,
    role,
    index,
    address: `192.168.57.${index + 10}`,
    mac: `00:16:3e:00:39:0${index}`,
    cpus: 1,
    memoryMiB: 512,
    diskGiB: 10,
    schedulable: true,
    routes: [],
    secretGroups: [],
    steps: [
      { ...step, number: 1, id: 'base/names' },
      { ...step, number: 2, id: 'bootstrap/kubeadm/join' },
    ],
    settings: [],
    library: [],
  };
}
