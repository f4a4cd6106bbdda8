import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { requireStatus, runProgram, type Ran } from '../../support/k8slab.js';
import { bundleTime, requireBundle } from './bundle.js';
import type { Step } from './scenario.js';
import type { Plan, Workshop } from './workshop.js';

export interface Node {
  metadata: { name: string; annotations: Record<string, string> };
  status: {
    addresses: { type: string; address: string }[];
    conditions: { type: string; status: string }[];
  };
}

export interface Pod {
  metadata: { name: string; namespace: string; uid: string; labels?: Record<string, string> };
  spec: { nodeName: string };
  status: { podIP: string; containerStatuses?: { restartCount: number; containerID: string }[] };
}

/** A lab with Kubernetes, spoken to as a person does: through `k8slab kubectl`. */
export class KubernetesLab {
  constructor(
    readonly workshop: Workshop,
    readonly lab: string,
  ) {}

  get plan(): Plan {
    return this.workshop.plan(this.lab);
  }

  /** Runs kubectl; gives what it printed, and throws unless it ends with 0. */
  async kubectl(...args: string[]): Promise<string> {
    return (await this.workshop.expect(0, this.lab, 'kubectl', '--', ...args)).stdout;
  }

  /** Runs kubectl with a manifest on its standard input. */
  async apply(manifest: string): Promise<void> {
    const args = ['kubectl', '--', 'apply', '-f', '-'];
    requireStatus(await this.workshop.run(args, { lab: this.lab, input: manifest }), 0, args);
  }

  /** The objects that `kubectl get` lists. */
  async list<T>(...args: string[]): Promise<T[]> {
    return (JSON.parse(await this.kubectl('get', ...args, '--output', 'json')) as { items: T[] }).items;
  }

  /** Runs a shell in a pod; gives what it printed. */
  async inPod(pod: Pod, script: string): Promise<string> {
    const { name, namespace } = pod.metadata;
    return this.kubectl('exec', '--namespace', namespace, name, '--', 'sh', '-c', script);
  }

  /** The pods of kube-system, or of another namespace, that have a label. */
  async pods(selector: string, namespace = 'kube-system'): Promise<Pod[]> {
    return this.list<Pod>('pods', '--namespace', namespace, '--selector', selector);
  }
}

/** Creates a lab of system containers from a bundle; it comes up sound, and `create` says so. Gives what it printed. */
export async function createSound(
  { lab, workshop }: KubernetesLab,
  preset: string,
  bundle: string,
  ...set: string[]
): Promise<Ran> {
  const settings = [`name=${lab}`, ...set].flatMap((one) => ['--set', one]);
  const args = ['create', preset, '--dir', lab, ...settings, '--provider', 'lxc', '--bundle', bundle];
  const ran = await workshop.run(args);
  requireStatus(ran, 0, args);
  expect(ran.stdout).toMatch(new RegExp(`${lab} is sound`));
  return ran;
}

/** Gives a workshop the kubectl of a bundle's packages, so that none need be on this host. */
export async function useKubectlOf(bundle: string, workshop: Workshop): Promise<Ran> {
  const name = readdirSync(path.join(bundle, 'files'), { recursive: true, encoding: 'utf8' }).find((file) =>
    /(^|\/)kubectl_[^/]*\.deb$/.test(file),
  );
  if (name === undefined) throw new Error(`There is no package of kubectl in ${bundle}.`);
  const folder = workshop.path('kubectl');
  mkdirSync(folder, { recursive: true });
  const unpack = ['--extract', path.join(bundle, 'files', name), folder];
  requireStatus(await runProgram('dpkg-deb', unpack, { cwd: folder }), 0, ['dpkg-deb', ...unpack]);
  workshop.env.PATH = `${path.join(folder, 'usr', 'bin')}${path.delimiter}${workshop.env.PATH ?? ''}`;
  return runProgram('kubectl', ['version', '--client'], { cwd: folder, env: workshop.env });
}

/** The first step of every scenario with Kubernetes: a bundle with this CNI, whose kubectl is used from now on. */
export function bundleStep(
  step: Step,
  workshop: Workshop,
  use: (bundle: string) => void,
  cni: 'calico' | 'flannel' = 'calico',
): void {
  step(
    'the bundle is there and every digest in it is right',
    async () => {
      const bundle = await requireBundle(cni);
      use(bundle);
      await useKubectlOf(bundle, workshop);
    },
    bundleTime,
  );
}
