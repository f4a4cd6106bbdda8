import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { requireStatus } from '../support/k8slab.js';
import { isRunning, natProcess, processesWith, tracesOf } from './support/host.js';
import { scenario } from './support/scenario.js';
import { expectSound as expectSoundLab, Workshop, type Plan, type Report } from './support/workshop.js';

/**
 * The whole of k8slab on real machines, from nothing: no box, no Vagrant folder, no state. Two machines with
 * containerd and the plain bridge CNI; nothing but the distribution's packages.
 */
const workshop = new Workshop({ fresh: true });
const lab = `cni-2n-${workshop.id}`;
const second = `second-${workshop.id}`;

const machineOf = (plan: Plan, name: string): Plan['machines'][number] => {
  const machine = plan.machines.find((entry) => entry.name === name);
  if (machine === undefined) throw new Error(`${name} is not in the plan`);
  return machine;
};

const containersOf = (name: string): string[] =>
  readdirSync('/var/lib/lxc').filter((container) => container.startsWith(`${name}-`));

/** What must not change when everything is as planned already; k8slab's own note of having been there aside. */
const fingerprint = `
  find /etc /srv /usr/local /var/lib/k8slab -xdev -type f ! -path /var/lib/k8slab/provisioned -printf '%p %m %T@ ' -exec sha256sum {} ';' | sort
  dpkg-query --show
  for unit in containerd hello k8slab-routes k8slab-masquerade ssh; do
    systemctl show "$unit" --property=Id,ActiveState,ActiveEnterTimestampMonotonic,ExecMainPID
  done
  ctr task list
  ip -4 -brief address
  ip -4 route
  nft list ruleset`;

const fingerprints = async (name: string): Promise<Record<string, string>> => ({
  node1: await workshop.on(name, 'node1', fingerprint),
  node2: await workshop.on(name, 'node2', fingerprint),
});

const findings = (report: Report): Report['results'][number]['findings'] =>
  report.results.flatMap((result) => result.findings);

const expectSound = (name: string): Promise<void> => expectSoundLab(workshop, name);

scenario('cni-2n', workshop, (step) => {
  step(
    'create builds the box, boots, provisions and verifies two machines, and exits 0',
    async () => {
      const ran = await workshop.run([
        'create',
        'cni-2n',
        '--dir',
        lab,
        '--set',
        `name=${lab}`,
        '--provider',
        'lxc',
      ]);
      requireStatus(ran, 0, ['create']);
      expect(ran.stdout).toMatch(/box +build/);
      expect(ran.stdout).toMatch(/node1 +provision: step 1\//);
      expect(ran.stdout).toMatch(new RegExp(`${lab} is sound`));
      expect(
        readdirSync(workshop.path('cache', 'k8slab', 'boxes')).some((file) => file.endsWith('.box')),
      ).toBe(true);
    },
    900,
  );

  step('verify finds it sound, every check answered', async () => {
    await expectSound(lab);
  });

  step('status knows both machines, for people and for programs', async () => {
    const { stdout } = await workshop.expect(0, lab, 'status');
    expect(stdout).toMatch(/node1 .*running +yes/);
    const status = await workshop.json<{ machines: { name: string; state: string; provisioned: string }[] }>(
      0,
      lab,
      'status',
    );
    expect(status.machines).toMatchObject([
      { name: 'node1', state: 'running', provisioned: 'yes' },
      { name: 'node2', state: 'running', provisioned: 'yes' },
    ]);
  });

  step('ssh hands over arguments, input and exit status as they are', async () => {
    expect((await workshop.run(['ssh', 'node1', '--', 'sh', '-c', 'exit 42'], { lab })).status).toBe(42);
    const words = ['a  b', '$HOME', "it's", '"quoted"', '*', 'ünï'];
    const said = await workshop.expect(0, lab, 'ssh', 'node2', '--', 'printf', '%s\\n', ...words);
    expect(said.stdout).toBe(`${words.join('\n')}\n`);
    const piped = await workshop.run(['ssh', 'node1', 'cat'], { lab, input: 'through\n' });
    expect(piped).toMatchObject({ status: 0, stdout: 'through\n' });
  });

  step('routes, bridges and MTU are the planned ones', async () => {
    const plan = workshop.plan(lab);
    for (const { name, routes, podCidr } of plan.machines) {
      const [gateway = ''] = [podCidr?.replace(/0\/24$/, '1/24')];
      const bridge = await workshop.on(
        lab,
        name,
        'ip -4 -brief address show dev cni0; ip link show dev cni0',
      );
      expect(bridge).toContain(gateway);
      expect(bridge).toContain('mtu 1500');
      const table = await workshop.on(lab, name, 'ip -4 route');
      expect(routes).toHaveLength(1);
      for (const { destination, via } of routes) expect(table).toMatch(`${destination} via ${via} dev eth1`);
    }
  });

  step('containers attached by `ctr run --cni` reach each other across the machines, both ways', async () => {
    const addresses: Record<string, string> = {};
    for (const machine of ['node1', 'node2']) {
      const run = 'ctr run --rm --cni --rootfs --env PATH=/bin /srv/hello probe /bin/sleep 300';
      const address = await workshop.on(
        lab,
        machine,
        `systemd-run --quiet --collect --unit=probe ${run}
         for attempt in $(seq 100); do
           ctr task exec --exec-id "a$attempt" probe ip -4 -o address show dev eth0 2>/dev/null | grep inet && exit
           sleep 0.2
         done; exit 1`,
      );
      addresses[machine] = /inet ([\d.]+)/.exec(address)?.[1] ?? 'none';
    }
    expect(addresses).toEqual({
      node1: expect.stringMatching(/^10\.12\.1\./),
      node2: expect.stringMatching(/^10\.12\.2\./),
    });
    const ping = (from: string, to: string, size: number): Promise<string> =>
      workshop.on(lab, from, `ctr task exec --exec-id p${size} probe ping -c 3 -W 2 -s ${size} ${to}`);
    for (const size of [56, 1472]) {
      expect(await ping('node1', addresses.node2 ?? '', size)).toContain(' 0% packet loss');
      expect(await ping('node2', addresses.node1 ?? '', size)).toContain(' 0% packet loss');
    }
    const page = await workshop.on(lab, 'node1', `curl -fsS --max-time 5 http://$(hello-container address)/`);
    expect(page).toContain('Hello from node1');
    for (const machine of ['node1', 'node2']) {
      await workshop.on(
        lab,
        machine,
        'ctr task kill --signal SIGKILL probe; for i in $(seq 50); do systemctl is-active --quiet probe || exit 0; sleep 0.2; done; exit 1',
      );
    }
  });

  step(
    'provision again changes nothing, k8slab’s and Vagrant’s own alike; up does nothing at all',
    async () => {
      const before = await fingerprints(lab);
      const again = await workshop.json<{ machines: Record<string, { provisioned: boolean }> }>(
        0,
        lab,
        'provision',
      );
      expect(again.machines).toMatchObject({ node1: { provisioned: true }, node2: { provisioned: true } });
      expect(await fingerprints(lab)).toEqual(before);
      await workshop.shell(lab, 'vagrant provision');
      expect(await fingerprints(lab)).toEqual(before);
      const up = await workshop.expect(0, lab, 'up');
      expect(up.stdout).not.toContain('step 1/');
      expect(up.stdout).toContain('is sound');
      expect(await fingerprints(lab)).toEqual(before);
    },
    400,
  );

  step(
    'halt and up give a sound lab again, without provisioning',
    async () => {
      await workshop.expect(0, lab, 'halt');
      const status = await workshop.json<{ machines: { state: string }[] }>(0, lab, 'status');
      expect(status.machines.map(({ state }) => state)).toEqual(['stopped', 'stopped']);
      for (const container of containersOf(lab)) expect(natProcess(container)).toBeUndefined();
      const silent = await workshop.json<Report>(1, lab, 'verify');
      expect(findings(silent).map(({ code, machine }) => ({ code, machine }))).toEqual([
        { code: 'GUEST_UNREACHABLE', machine: 'node1' },
        { code: 'GUEST_UNREACHABLE', machine: 'node2' },
      ]);
      const up = await workshop.expect(0, lab, 'up');
      expect(up.stdout).not.toContain('step 1/');
      await expectSound(lab);
    },
    400,
  );

  step('a route that is gone is found, named, and mended by the command that verify prints', async () => {
    const route = machineOf(workshop.plan(lab), 'node2').routes[0];
    if (route === undefined) throw new Error('node2 has no planned route');
    await workshop.on(lab, 'node2', `ip route del ${route.destination}`);
    const said = await workshop.expect(1, lab, 'verify');
    expect(said.stdout).toContain('GUEST_ROUTE_MISSING');
    const broken = await workshop.json<Report>(1, lab, 'verify', '--save', workshop.path('snapshot.json'));
    const [finding] = findings(broken);
    expect(finding).toMatchObject({ code: 'GUEST_ROUTE_MISSING', machine: 'node2' });
    const fix = finding?.fix[0] ?? 'false';
    expect(said.stdout).toContain(fix);
    await workshop.shell(lab, fix);
    await expectSound(lab);
  });

  step('a saved snapshot is judged elsewhere, without machines', async () => {
    const elsewhere = workshop.path('elsewhere');
    mkdirSync(elsewhere);
    const from = ['verify', '--from', workshop.path('snapshot.json')];
    const env = { K8SLAB_STATE_DIR: workshop.path('elsewhere', 'state'), HOME: elsewhere };
    const people = await workshop.run(from, { cwd: elsewhere, env });
    expect(people).toMatchObject({ status: 1 });
    expect(people.stdout).toContain('GUEST_ROUTE_MISSING on node2');
    const programs = await workshop.run([...from, '--json'], { cwd: elsewhere, env });
    const [cause, ...consequences] = findings(JSON.parse(programs.stdout) as Report);
    expect(cause).toMatchObject({ code: 'GUEST_ROUTE_MISSING', machine: 'node2' });
    expect(consequences.length).toBeGreaterThan(0);
    for (const { code, consequenceOf } of consequences) {
      expect({ code, consequenceOf }).toEqual({
        code: 'GUEST_PING_LOST',
        consequenceOf: ['GUEST_ROUTE_MISSING'],
      });
    }
  });

  step(
    'a second lab beside it has a network of its own, and comes up with plain `vagrant up`, too',
    async () => {
      const create = [
        'create',
        'cni-2n',
        '--dir',
        second,
        '--set',
        `name=${second}`,
        '--provider',
        'lxc',
        '--no-up',
      ];
      requireStatus(await workshop.run(create), 0, create);
      const [one, two] = [workshop.plan(lab), workshop.plan(second)].map(
        ({ networking }) => networking.hostOnly,
      );
      expect(two?.cidr).not.toBe(one?.cidr);
      expect(two?.bridge).not.toBe(one?.bridge);
      await workshop.shell(second, 'vagrant up --provider=lxc');
      const said = await workshop.shell(second, "vagrant ssh node2 -c 'hello-container address'");
      expect(said.stdout).toContain('10.12.2.');
      await expectSound(second);
      await expectSound(lab);
      await workshop.shell(second, 'vagrant destroy --force');
      const { hostOnly } = workshop.plan(second).networking;
      const traces = { name: second, bridge: hostOnly.bridge, subnet: hostOnly.cidr };
      expect(tracesOf(traces, workshop.root)).toEqual([]);
      await workshop.expect(0, second, 'destroy', '--yes');
      await expectSound(lab);
    },
    600,
  );

  step(
    'k8slab killed in the middle of booting: the next `up` goes on',
    async () => {
      await workshop.expect(0, lab, 'destroy', 'node2', '--yes');
      const killed = await workshop.run(['up'], {
        lab,
        onOutput: (text, child) => {
          if (/node2 +boot/.test(text)) setTimeout(() => child.kill('SIGKILL'), 1500);
        },
      });
      expect(killed.status).toBe(137);
      await workshop.expect(0, lab, 'up');
      await expectSound(lab);
    },
    400,
  );

  step(
    'Ctrl-C in the middle of provisioning: exit 130, nothing left running, and `up` goes on',
    async () => {
      await workshop.expect(0, lab, 'destroy', 'node1', '--yes');
      let asked = false;
      const stopped = await workshop.run(['up'], {
        lab,
        onOutput: (text, child) => {
          if (asked || !/node1 +provision: step 3\//.test(text)) return;
          asked = true;
          child.kill('SIGINT');
        },
      });
      requireStatus(stopped, 130, ['up']);
      expect(stopped.stderr).toMatch(/goes on where it stopped/);
      expect(processesWith(`VAGRANT_CWD=${workshop.path(lab)}`)).toEqual([]);
      expect(processesWith(`-F ${workshop.path(lab)}`)).toEqual([]);
      const outdated = await workshop.json<{ machines: { name: string; provisioned: string }[] }>(
        0,
        lab,
        'status',
      );
      expect(outdated.machines).toMatchObject([{ name: 'node1', provisioned: 'no' }, { provisioned: 'yes' }]);
      const up = await workshop.expect(0, lab, 'up');
      expect(up.stdout).toMatch(/node1 +provision: step 1\//);
      expect(up.stdout).not.toMatch(/node2 +provision: step/);
      await expectSound(lab);
    },
    400,
  );

  step('destroy leaves nothing of it on this host but the lab folder', async () => {
    const { hostOnly } = workshop.plan(lab).networking;
    const nat = containersOf(lab).map(natProcess);
    expect(nat.every((pid) => pid !== undefined && isRunning(pid))).toBe(true);
    expect(nat).toHaveLength(2);
    const traces = { name: lab, bridge: hostOnly.bridge, subnet: hostOnly.cidr };
    expect(tracesOf(traces, workshop.root).length).toBeGreaterThan(4);
    await workshop.expect(0, lab, 'destroy', '--yes');
    expect(tracesOf(traces, workshop.root)).toEqual([]);
    expect(nat.filter((pid) => pid !== undefined && isRunning(pid))).toEqual([]);
    expect(existsSync(workshop.path(lab, 'lab.yaml'))).toBe(true);
    writeFileSync(workshop.path('done'), '');
  });
});
