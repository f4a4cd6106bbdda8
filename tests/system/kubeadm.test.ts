import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { minorOf } from '../../src/lab/versions.js';
import { kubeadms, type Kubeadm } from './support/kubeadm.js';
import { configurations, type Configuration } from './support/kubeadmConfigurations.js';
import { few, say } from './support/programs.js';

/**
 * What labs hand to kubeadm, in front of the real kubeadm. It decodes every document strictly, those for the kubelet and
 * kube-proxy too, but looks at values only in its own; whether kubelets take theirs is seen on real machines.
 */
const folder = mkdtempSync(path.join(os.tmpdir(), 'k8slab-kubeadm-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let programs: Kubeadm[];
beforeAll(async () => {
  programs = await kubeadms();
}, 900_000);

let files = 0;
async function ask(program: string, args: string[], flag: string, { text }: Configuration) {
  const file = path.join(folder, `${files++}.yaml`);
  writeFileSync(file, text);
  return say(program, ['config', ...args, flag, file]);
}

const validate = (program: string, configuration: Configuration) =>
  ask(program, ['validate'], '--config', configuration);
const migrate = (program: string, configuration: Configuration) =>
  ask(program, ['migrate'], '--old-config', configuration);

/** Asks each minor's kubeadm about every configuration that is rendered for it; gives what was wrong. */
async function complaints(
  about: (program: string, configuration: Configuration, version: string) => Promise<string>,
) {
  const all: { kubeadm: string; from: string; says: string }[] = [];
  for (const { version, program } of programs) {
    const rendered = configurations(version);
    const said = await few(rendered, 2, async (configuration) => ({
      kubeadm: version,
      from: configuration.from,
      says: await about(program, configuration, version),
    }));
    all.push(...said.filter(({ says }) => says !== ''));
  }
  return all;
}

test('there is a kubeadm of several minors, each says its version, and configurations of every role', async () => {
  expect(programs.length).toBeGreaterThan(1);
  for (const { version, program } of programs) {
    expect((await say(program, ['version', '--output', 'short'])).stdout.trim()).toBe(`v${version}`);
    const froms = configurations(version).map(({ from }) => from);
    for (const role of ['init', 'join-control-plane', 'join-worker']) {
      expect(froms.filter((from) => from.includes(`kubeadm-${role}.yaml`)).length).toBeGreaterThan(4);
    }
  }
});

test('`kubeadm config validate` accepts every configuration', async () => {
  expect(
    await complaints(async (program, configuration) => {
      const { status, text } = await validate(program, configuration);
      return status === 0 && text.trim() === 'ok' ? '' : text;
    }),
  ).toEqual([]);
}, 120_000);

test('`kubeadm config migrate` finds nothing old in any of them, and keeps every value', async () => {
  expect(
    await complaints(async (program, configuration, version) => {
      const { status, text, stdout } = await migrate(program, configuration);
      if (status !== 0 || text !== stdout) return text;
      const written = documents(configuration.text).filter(({ apiVersion }) =>
        apiVersion.startsWith('kubeadm.'),
      );
      try {
        for (const document of written) {
          const same = documents(stdout).find(({ kind }) => kind === document.kind);
          expect(same).toMatchObject(asMigrated(document, version));
        }
        return '';
      } catch (error) {
        return String(error);
      }
    }),
  ).toEqual([]);
}, 120_000);

const mistakes: [what: string, role: string, right: string, wrong: string][] = [
  ['the start of a cluster', 'init', 'advertiseAddress:', 'advertizeAddress:'],
  ['the cluster', 'init', 'podSubnet:', 'podsubnet:'],
  ['kubelets', 'init', 'cgroupDriver:', 'cgroupdriver:'],
  ['kube-proxy', 'init', 'mode: iptables', 'proxyMode: iptables'],
  ['a joining control plane', 'join-control-plane', 'caCertHashes:', 'caCertHash:'],
  ['a joining worker', 'join-worker', 'nodeRegistration:', 'nodeRegistrations:'],
];

describe('a field that does not exist is refused in the configuration of', () => {
  test.each(mistakes)('%s', async (_, role, right, wrong) => {
    for (const { version, program } of programs) {
      const configuration = configurations(version).find(({ from }) => from.includes(`kubeadm-${role}.yaml`));
      expect(configuration?.text).toContain(right);
      if (configuration === undefined) return;
      const misspelt = { ...configuration, text: configuration.text.replace(right, wrong) };
      const { status, text } = await validate(program, misspelt);
      expect({ status, text }).toEqual({ status: 1, text: expect.stringContaining('unknown field') });
    }
  });
});

interface Document {
  apiVersion: string;
  kind: string;
  kubernetesVersion?: string;
  timeouts?: Record<string, string>;
}

/**
 * The version gets a `v`. Until 1.36, what v1beta3 said about one time is written over what v1beta4 says of it, so 0s here;
 * `init` itself waits as it is told: defaultMigrateMutators in
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/cmd/kubeadm/app/util/config/common.go
 */
function asMigrated(document: Document, version: string): Document {
  const { kind, kubernetesVersion, timeouts } = document;
  const resets = ['1.35', '1.36'].includes(minorOf(version) ?? '');
  return {
    ...document,
    ...(kubernetesVersion !== undefined && { kubernetesVersion: `v${kubernetesVersion}` }),
    ...(kind === 'InitConfiguration' &&
      resets && {
        timeouts: { ...timeouts, controlPlaneComponentHealthCheck: '0s' },
      }),
  };
}

function documents(text: string): Document[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Document);
}
