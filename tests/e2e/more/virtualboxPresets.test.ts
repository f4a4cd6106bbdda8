import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { expect } from '@jest/globals';
import { packageRoot } from '../../../src/assets/load.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import { hypervisorName } from '../../../src/render/hypervisorName.js';
import { parseStatus } from '../../../src/vagrant/machineReadable.js';
import { requireStatus } from '../../support/k8slab.js';
import { baseMac } from '../../virtualbox/box.js';
import { scenario } from '../support/scenario.js';
import { VirtualBoxWorkshop } from '../support/virtualBox.js';

/**
 * The Vagrantfile of every preset in the hands of Vagrant alone: `vagrant up --no-provision`, `status`, `destroy`. What VirtualBox
 * (the stand-in of tests/virtualbox) has then is what the plan says. All presets get one name and one network, one after the other;
 * where that makes a preset's Vagrantfile that of another one, comments aside, it is not booted again.
 */
const workshop = new VirtualBoxWorkshop();
const presets = readdirSync(`${packageRoot}/labs`).sort();
const name = `presets-${workshop.id}`;
/** Guests that configure their adapters as bento's Debian does, and as bento's Ubuntu: presets get them by turns. */
const boxes: { options: string[]; written: string }[] = [];
/** Vagrantfiles that were booted, without comments and box, and whose they are. */
const booted = new Map<string, string>();
/** VirtualBox keeps the first preset's network: the others must use it again. */
let network = 'auto';

const planOf = (lab: string): Cluster => workshop.plan(lab) as unknown as Cluster;

const bare = (file: string): string =>
  readFileSync(file, 'utf8')
    .replace(/^ *#.*\n/gm, '')
    .replace(/ifupdown|netplan|[0-9a-f]{16}\.box/g, '');

/** States as Vagrant tells them, by machine. */
async function states(lab: string): Promise<Record<string, string>> {
  const { stdout } = await workshop.shell(lab, 'vagrant status --machine-readable');
  return Object.fromEntries([...parseStatus(stdout)].map(([machine, { raw }]) => [machine, raw]));
}

/** The addresses that a machine has, and the files that Vagrant wrote for them, on the port and with the key of Vagrant. */
async function adapters(lab: string, machine: string, port: string): Promise<string> {
  const key = `.vagrant/machines/${machine}/virtualbox/private_key`;
  const question =
    'ip -4 -brief address; grep -ls VAGRANT /etc/network/interfaces; ls /etc/netplan 2>&1; true';
  const options = '-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR';
  const command = `ssh -i ${key} -p ${port} ${options} vagrant@127.0.0.1 '${question}'`;
  return (await workshop.shell(lab, command)).stdout;
}

/** VirtualBox has what the plan says, and its guests have it, too. */
async function expectPlanned(lab: string, plan: Cluster, written: string): Promise<void> {
  const { hostAddress, netmask, prefix } = plan.networking.hostOnly;
  const hostOnly = await workshop.vboxManage('list', 'hostonlyifs');
  const of = (key: string): string[] =>
    [...hostOnly.matchAll(new RegExp(`^${key}:\\s+(\\S+)$`, 'gm'))].map(([, value = '']) => value);
  expect([of('IPAddress'), of('NetworkMask')]).toEqual([[hostAddress], [netmask]]);
  const ports = new Set<string>();
  for (const machine of plan.machines) {
    const info = await workshop.info(hypervisorName(plan, machine));
    expect(info).toMatchObject({
      VMState: 'running',
      groups: `/${name}`,
      cpus: String(machine.cpus),
      memory: String(machine.memoryMiB),
      nic1: 'nat',
      macaddress1: baseMac,
      nic2: 'hostonly',
      hostonlyadapter2: of('Name')[0],
      macaddress2: machine.mac.replaceAll(':', '').toUpperCase(),
      nic3: 'none',
    });
    // A linked clone: a disk of differences.
    expect(info['SATA Controller-0-0']).toContain('/Snapshots/');
    const port = info['Forwarding(0)']?.split(',')[3] ?? '';
    ports.add(port);
    const said = await adapters(lab, machine.name, port);
    expect(said).toContain(written);
    expect(said).toMatch(/^eth0\S* .*10\.0\.2\.15\/24/m);
    expect(said).toMatch(new RegExp(`^eth1\\S* .* ${machine.address}/${prefix} *$`, 'm'));
  }
  expect(ports.size).toBe(plan.machines.length);
}

scenario('virtualboxPresets', workshop, (step) => {
  step(
    'the stand-in and two boxes for it are ready',
    async () => {
      boxes.push({ options: await workshop.install('ifupdown'), written: '/etc/network/interfaces' });
      boxes.push({ options: await workshop.install('netplan'), written: '50-vagrant.yaml' });
      expect(presets).toContain('1cp-2w');
    },
    900,
  );

  for (const preset of presets)
    step(
      `${preset}: vagrant up, status, destroy`,
      async () => {
        const where = [
          '--dir',
          preset,
          '--set',
          `name=${name}`,
          '--set',
          `networking.hostOnlySubnet=${network}`,
        ];
        const { options, written } = boxes[booted.size % boxes.length] ?? { options: [], written: '' };
        const args = ['create', preset, ...where, '--no-up', '--bundle', 'none', ...options];
        requireStatus(await workshop.run(args), 0, args);
        const plan = planOf(preset);
        const text = bare(workshop.path(preset, 'Vagrantfile'));
        if (!booted.has(text)) {
          booted.set(text, preset);
          workshop.ran = `Vagrantfiles of every preset, without provisioning: ${[...booted.values()].join(', ')}; the others are equal to one of these`;
          await workshop.shell(preset, 'vagrant up --no-provision');
          const running = Object.fromEntries(plan.machines.map((machine) => [machine.name, 'running']));
          expect(await states(preset)).toEqual(running);
          await expectPlanned(preset, plan, written);
          await workshop.shell(preset, 'vagrant destroy --force');
        }
        // What all labs of a box share stays.
        const left = await workshop.machines();
        expect(left.filter((machine) => !machine.startsWith('debian-12-amd64_'))).toEqual([]);
        expect(readdirSync(workshop.path('home', 'VirtualBox VMs')).sort()).toEqual(left.sort());
        // k8slab keeps the range for the lab's folder as long as that is there.
        network = plan.networking.hostOnly.cidr;
        mkdirSync(workshop.path('done'), { recursive: true });
        renameSync(workshop.path(preset), workshop.path('done', preset));
      },
      1200,
    );
});
