import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { loadAssets } from '../../../src/assets/load.js';
import { parseLab } from '../../../src/lab/parse.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import { planCluster } from '../../../src/plan/plan.js';
import { planReset } from '../../../src/plan/reset.js';
import { renderReset } from '../../../src/render/resetScript.js';
import { leaveScript } from '../../../src/vagrant/leaveCluster.js';
import { laptop } from '../plan/assets.js';

const assets = await loadAssets();

const plan = (text: string): Cluster => planCluster(parseLab(text, 'lab.yaml', assets), laptop, assets);

function stepsOf(cluster: Cluster, name: string): string[] {
  const machine = cluster.machines.find((one) => one.name === name);
  if (!machine) throw new Error(`no machine ${name}`);
  return planReset(cluster, machine, assets).steps.map(({ id }) => id);
}

describe('the way back to a bare machine', () => {
  test('takes back the cluster first, then its network, then what is left of pods; looks at the end', () => {
    expect(stepsOf(plan('controlPlanes: 1\nworkers: 2\ncni: calico\n'), 'worker1')).toEqual([
      'bootstrap/kubeadm/reset',
      'bootstrap/kubeadm/reset-rules',
      'cni/calico/reset',
      'runtime/containerd/reset',
      'base/reset',
    ]);
  });

  test('is that of the chosen network', () => {
    const steps = stepsOf(plan('controlPlanes: 1\nworkers: 2\ncni: flannel\n'), 'cp1');
    expect(steps).toContain('cni/flannel/reset');
    expect(steps).not.toContain('cni/calico/reset');
  });

  test('leaves a load balancer of its own nothing to balance', () => {
    const steps = stepsOf(plan('controlPlanes: 3\nworkers: 1\nloadBalancers: 2\n'), 'lb1');
    expect(steps[0]).toMatch(/^load-balancer\//);
    expect(steps.at(-1)).toBe('base/reset');
    expect(steps.join()).not.toMatch(/kubeadm|runtime|cni/);
  });

  test('tells a member of etcd to the others only when others stay', () => {
    const cluster = plan('controlPlanes: 3\nworkers: 1\n');
    const [machine] = cluster.machines;
    if (!machine) throw new Error('no machine');
    expect(renderReset(cluster, machine, assets, true)).toContain("readonly RESET_OF='lab'\n");
    expect(renderReset(cluster, machine, assets, false)).toContain("readonly RESET_OF='machine'\n");
  });

  test.each(Object.entries(assets.presets))('%s: every machine has one, and bash reads it', (_, { text }) => {
    const cluster = plan(text);
    for (const machine of cluster.machines) {
      const script = renderReset(cluster, machine, assets, true);
      expect(script).toMatch(/==> step/);
      expect(script.match(/^step \d/gm)?.length).toBeGreaterThan(1);
      const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
      expect({ machine: machine.name, status, stderr }).toEqual({
        machine: machine.name,
        status: 0,
        stderr: '',
      });
    }
  });
});

test('nodes leave the cluster only under names that are nodes', () => {
  const kubectl = `kubectl() { if [ "$1" = get ]; then printf 'node/cp1\\nnode/worker1\\n'; else echo "$@"; fi; }`;
  const run = (names: string[]): string =>
    spawnSync('bash', ['-c', `${kubectl}\n${leaveScript(names)}`], { encoding: 'utf8' }).stdout;
  expect(run(['worker1', 'worker2'])).toMatch(/^drain node\/worker1 --force .*\ndelete .* node\/worker1\n$/);
  expect(run(['worker2'])).toBe('');
});
