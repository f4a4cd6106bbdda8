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

/**
 * Imitation of Vagrant and ssh, in plain shell as it is started hundreds of times. Machines "run" when a file of
 * their name is in `running/`; how a call behaves is in the folder of its name in `behaviours/`.
 */
const imitation = (kind: 'vagrant' | 'ssh'): string => `#!/bin/sh
# This is an imitation of ${kind} for k8slab's tests. It starts no machine and connects to nothing.
kind=${kind}
note() { printf '%s\\n' "$1" >>"$FAKE_DIR/events"; }
end() {
  note "end $call $1"
  exit "$1"
}

if [ "$kind" = vagrant ]; then
  machine=$2
  call="vagrant $1 $2"
else
  for word; do
    [ "$word" = -- ] && machine=$last
    [ "$last" = -F ] && config=$word
    last=$word
  done
  case $last in
    *provisioner=*) call="provision $machine" ;;
    *hostname=*) call="probe $machine" ;;
    *) call="ssh $machine" ;;
  esac
fi
does=$FAKE_DIR/behaviours/$call
running=$FAKE_DIR/running/$machine
marker=$FAKE_DIR/marker/$machine
known=$VAGRANT_CWD/.vagrant/machines/$machine/$VAGRANT_DEFAULT_PROVIDER

if [ -e "$does/stubborn" ]; then
  trap 'note "SIGINT $call"' INT
  trap 'note "SIGTERM $call"' TERM
else
  trap 'note "SIGINT $call"; exit 130' INT
fi
if [ -e "$does/child" ]; then
  (trap '' INT; exec sleep 1000) &
  echo "$!" >>"$FAKE_DIR/pids"
fi
echo "$$" >>"$FAKE_DIR/pids"
note "start $call"

if [ -e "$does/gate" ]; then
  read -r gate <"$does/gate"
  until [ -e "$FAKE_DIR/open/$gate" ]; do sleep 0.01; done
fi
[ -e "$does/stdout" ] && cat "$does/stdout"
[ -e "$does/stderr" ] && cat "$does/stderr" >&2
if [ -e "$does/hang" ]; then while :; do sleep 1; done; fi
if [ -e "$does/exit" ]; then
  read -r status <"$does/exit"
  end "$status"
fi

read -r port <"$FAKE_DIR/port"
case $call in
  'vagrant up '*)
    : >"$running"
    mkdir -p "$known"
    echo x >"$known/id"
    ;;
  'vagrant halt '*) rm -f "$running" ;;
  'vagrant destroy '*) rm -rf "$running" "$known" "$marker" ;;
  'vagrant ssh-config '*)
    if [ ! -e "$running" ]; then
      printf 'The provider for this Vagrant-managed machine is reporting that it\\nis not yet ready for SSH.\\n' >&2
      end 1
    fi
    printf 'Host %s\\n  HostName 127.0.0.1\\n  User vagrant\\n' "$machine"
    printf '  Port %s\\n  IdentityFile "/keys/with space"\\n' "$port"
    ;;
  'vagrant status '*)
    shift
    for name; do
      case $name in -*) continue ;; esac
      state=poweroff
      [ -e "$FAKE_DIR/running/$name" ] && state=running
      echo "1,$name,state,$state"
    done
    ;;
esac
[ "$kind" = vagrant ] && end 0

while read -r key value; do
  case $key in
    Host) host=$value ;;
    Port) [ "$host" = "$machine" ] && configured=$value ;;
  esac
done <"$config"
if [ ! -e "$running" ] || [ "$configured" != "$port" ]; then
  printf 'ssh: connect to host 127.0.0.1 port 22: Connection refused\\r\\n' >&2
  end 255
fi
case $call in
  'probe '*)
    [ -e "$marker" ] && read -r hash <"$marker"
    read -r address <"$FAKE_DIR/address/$machine"
    printf 'hostname=%s\\nmachine-id=abc\\nprovisioned=%s\\n' "$machine" "$hash"
    printf 'address=10.0.2.15\\naddress=%s\\n' "$address"
    ;;
  'provision '*)
    printf '==> step 1/2 First\\nworking\\n==> step 2/2 Second\\n'
    hash=\${last%% >/var/lib/*}
    echo "\${hash##*echo }" >"$marker"
    ;;
esac
end 0
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
      ...['open', 'running', 'marker', 'address', 'behaviours'].map((name) => join(this.dir, name)),
    ]) {
      mkdirSync(folder, { recursive: true });
    }
    mkdirSync(join(this.folder, 'provision'));
    for (const kind of ['vagrant', 'ssh'] as const) {
      writeFileSync(join(bin, kind), imitation(kind));
      chmodSync(join(bin, kind), 0o755);
    }
    for (const { name, address } of cluster.machines) {
      writeFileSync(join(this.folder, 'provision', `${name}.sh`), `echo ${name}\n`);
      this.setAddress(name, address);
    }
    writeFileSync(join(this.dir, 'events'), '');
    writeFileSync(join(this.dir, 'pids'), '');
    this.port = 2222;
    this.lab = {
      cluster,
      folder: this.folder,
      env: { PATH: [bin, process.env.PATH ?? ''].join(delimiter), FAKE_DIR: this.dir },
      patience: { interrupt: 400, terminate: 400 },
    };
  }

  /** The port every machine listens on from now on. */
  set port(port: number) {
    writeFileSync(join(this.dir, 'port'), `${port}\n`);
  }

  /** The address a machine says it has, from now on. */
  setAddress(machine: string, address: string): void {
    writeFileSync(join(this.dir, 'address', machine), `${address}\n`);
  }

  /** How calls behave from now on; those not named do what the real program would. */
  behave(behaviours: Record<string, Behaviour>): void {
    rmSync(join(this.dir, 'behaviours'), { recursive: true, force: true });
    for (const [call, behaviour] of Object.entries(behaviours)) {
      const folder = join(this.dir, 'behaviours', call);
      mkdirSync(folder, { recursive: true });
      for (const [what, value] of Object.entries(behaviour) as [string, string | number | boolean][]) {
        const isText = what === 'stdout' || what === 'stderr';
        writeFileSync(join(folder, what), isText ? String(value) : `${value.toString()}\n`);
      }
    }
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
    const giveUp = Date.now() + 50_000;
    while (Date.now() < giveUp) {
      const { calls: seen } = this;
      if (calls.every((call) => seen.includes(call))) return;
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
