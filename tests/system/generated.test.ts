import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { calicoBase } from './support/calicoBase.js';
import { flannelBase } from './support/flannelBase.js';
import { renderAll, shellFiles, type RenderedLab } from './support/labs.js';
import { few, requirePrograms, say } from './support/programs.js';

/** Everything that is generated and everything that is shipped, in front of the real programs that will read it. */
const { root, labs } = renderAll();
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const repository = path.resolve(import.meta.dirname, '../..');
const scripts = shellFiles(root);
const shipped = ['provision-scripts', 'box-templates'].flatMap((name) =>
  shellFiles(path.join(repository, name)),
);

/** Of scripts that differ only in comments and in the values of their settings, one: shellcheck says the same of all of them. */
function withoutAlike(files: readonly string[]): string[] {
  const code = (file: string): string =>
    readFileSync(file, 'utf8')
      .replaceAll(/^(readonly \w+)='[^']*'$/gm, '$1')
      .replaceAll(/^ *#.*$/gm, '');
  return [...new Map(files.map((file) => [code(file), file])).values()];
}

/** Files of that name in all labs. */
const named = (pattern: RegExp): { lab: RenderedLab; file: string; full: string }[] =>
  labs.flatMap((lab) =>
    lab.files
      .filter((file) => pattern.test(file))
      .map((file) => ({ lab, file, full: path.join(lab.folder, file) })),
  );

test('there is something to look at', () => {
  expect(labs.length).toBeGreaterThan(20);
  expect(scripts.length).toBeGreaterThan(100);
  expect(shipped.length).toBeGreaterThan(50);
});

describe('shell', () => {
  test('bash accepts every generated script', async () => {
    requirePrograms('bash');
    const said = await few(scripts, 4, async (file) => ({ file, ...(await say('bash', ['-n', file])) }));
    expect(said.filter(({ status }) => status !== 0)).toEqual([]);
  });

  test('shellcheck has nothing to say about generated scripts', async () => {
    requirePrograms('shellcheck');
    const different = withoutAlike(scripts);
    expect(different.length).toBeGreaterThan(30);
    const said = await few(chunks(different, 5), 2, (files) =>
      say('shellcheck', ['--external-sources', ...files]),
    );
    expect(said.filter(({ status }) => status !== 0).map(({ text }) => text)).toEqual([]);
  }, 600_000);

  test('shfmt would change no generated script', async () => {
    requirePrograms('shfmt');
    const { status, text } = await say('shfmt', ['-d', '-i', '2', '-ci', ...scripts]);
    expect({ status, text: text.slice(0, 5000) }).toEqual({ status: 0, text: '' });
  });

  test('shellcheck and shfmt agree with the scripts that are shipped', async () => {
    requirePrograms('shellcheck', 'shfmt');
    const fragments = shipped.filter((file) => !/lxc\/lxc\/network-(up|down)\.sh$/.test(file));
    const said = await say('shellcheck', ['--external-sources', ...fragments]);
    expect(said).toMatchObject({ status: 0, text: '' });
    const format = await say('shfmt', ['-d', '-i', '2', '-ci', ...shipped]);
    expect(format).toMatchObject({ status: 0, text: '' });
  }, 120_000);
});

describe('Vagrant', () => {
  test('ruby accepts every Vagrantfile', async () => {
    requirePrograms('ruby');
    const said = await few(named(/^Vagrantfile$|\.rb$/), 2, async ({ full, lab }) => ({
      lab: lab.name,
      ...(await say('ruby', ['-w', '-c', full])),
    }));
    expect(said.filter(({ status, text }) => status !== 0 || text.trim() !== 'Syntax OK')).toEqual([]);
  }, 120_000);

  test('vagrant validate --ignore-provider accepts every Vagrantfile', async () => {
    requirePrograms('vagrant');
    const home = path.join(root, '.vagrant-home');
    mkdirSync(home);
    const env = { VAGRANT_HOME: home, VAGRANT_CHECKPOINT_DISABLE: '1', VAGRANT_NO_COLOR: '1' };
    const said = await few(labs, 2, async ({ name, folder }) => ({
      name,
      ...(await say('vagrant', ['validate', '--ignore-provider'], { cwd: folder, env })),
    }));
    expect(
      said.filter(({ status, text }) => status !== 0 || !text.includes('validated successfully')),
    ).toEqual([]);
  }, 600_000);
});

interface Workload {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  spec?: {
    template: {
      spec: {
        containers: {
          args?: string[];
          env?: { name: string; value?: string }[];
          livenessProbe?: Record<string, unknown>;
          readinessProbe?: Record<string, unknown>;
        }[];
      };
    };
  };
}

/** The overlays of the labs that have a file of this name. */
const overlaysOf = (mark: string) =>
  named(/\/kustomization\.yaml$/).filter(({ lab }) => lab.files.some((file) => file.endsWith(mark)));

describe('the Calico overlay', () => {
  const overlays = overlaysOf('calico-network-manager.conf');

  test('there is one in every lab with Calico', () => {
    const calico = labs.filter(({ files }) =>
      files.some((file) => file.endsWith('backend-bird.yaml') || file.endsWith('backend-vxlan.yaml')),
    );
    expect(overlays.map(({ lab }) => lab.name).sort()).toEqual(calico.map(({ name }) => name).sort());
    expect(overlays.length).toBeGreaterThan(10);
  });

  test.each(overlays)('$lab.name: `kubectl kustomize` gives what the plan says', async ({ lab, full }) => {
    requirePrograms('kubectl');
    const folder = path.join(root, `overlay-${lab.name}`);
    // What the step does on the machine: its files, under the names the overlay knows.
    cpSync(path.dirname(full), folder, { recursive: true });
    const encapsulation = /encapsulation-(\w+)\.yaml/.exec(lab.files.join('\n'))?.[1] ?? 'none';
    const backend = /backend-(\w+)\.yaml/.exec(lab.files.join('\n'))?.[1] ?? 'none';
    const method = /autodetection-([\w-]+)\.yaml/.exec(lab.files.join('\n'))?.[1] ?? 'none';
    cpSync(path.join(folder, `autodetection-${method}.yaml`), path.join(folder, 'autodetection.yaml'));
    cpSync(path.join(folder, `encapsulation-${encapsulation}.yaml`), path.join(folder, 'encapsulation.yaml'));
    cpSync(path.join(folder, `backend-${backend}.yaml`), path.join(folder, 'backend.yaml'));
    writeFileSync(path.join(folder, 'calico.yaml'), calicoBase);
    const { status, text, stdout } = await say('kubectl', ['kustomize', folder]);
    expect({ status, text: status === 0 ? '' : text }).toEqual({ status: 0, text: '' });

    const objects = parseAllDocuments(stdout).map((document) => document.toJS() as Workload);
    expect(objects).toHaveLength(3);
    const node = objects.find(({ kind }) => kind === 'DaemonSet')?.spec?.template.spec.containers[0];
    const env = Object.fromEntries((node?.env ?? []).map(({ name, value }) => [name, value]));
    expect(env).toMatchObject({
      IP_AUTODETECTION_METHOD: expect.stringMatching(
        method === 'interface' ? /^interface=\^@ADAPTER@\$$/ : /^can-reach=192\.168\.\d+\.10$/,
      ),
      CALICO_IPV4POOL_CIDR: expect.stringMatching(/^10\.\d+\.0\.0\/(16|24)$/),
      CALICO_IPV4POOL_IPIP:
        encapsulation === 'ipip' ? expect.stringMatching(/^(Always|CrossSubnet)$/) : 'Never',
      CALICO_IPV4POOL_VXLAN:
        encapsulation === 'vxlan' ? expect.stringMatching(/^(Always|CrossSubnet)$/) : 'Never',
      IP: 'autodetect',
    });
    const config = objects.find(({ kind }) => kind === 'ConfigMap')?.data ?? {};
    expect(config).toMatchObject({ calico_backend: backend, veth_mtu: '0', typha_service_name: 'none' });
    // A probe has one way of asking.
    for (const probe of [node?.livenessProbe, node?.readinessProbe]) {
      expect(Object.keys(probe ?? {}).filter((key) => ['exec', 'httpGet'].includes(key))).toEqual([
        backend === 'vxlan' ? 'httpGet' : 'exec',
      ]);
    }
  });
});

describe('the flannel overlay', () => {
  const overlays = overlaysOf('flannel-network-manager.conf');

  test('there are labs with flannel', () => {
    expect(overlays.length).toBeGreaterThan(1);
  });

  test.each(overlays)('$lab.name: `kubectl kustomize` gives what the plan says', async ({ lab, full }) => {
    requirePrograms('kubectl');
    const folder = path.join(root, `overlay-${lab.name}`);
    cpSync(path.dirname(full), folder, { recursive: true });
    writeFileSync(path.join(folder, 'kube-flannel.yml'), flannelBase);
    const { status, text, stdout } = await say('kubectl', ['kustomize', folder]);
    expect({ status, text: status === 0 ? '' : text }).toEqual({ status: 0, text: '' });

    const objects = parseAllDocuments(stdout).map((document) => document.toJS() as Workload);
    const container = objects.find(({ kind }) => kind === 'DaemonSet')?.spec?.template.spec.containers[0];
    expect(container?.args?.slice(0, 2)).toEqual(['--ip-masq', '--kube-subnet-mgr']);
    expect(container?.args?.at(-1)).toMatch(/^--iface-can-reach=192\.168\.\d+\.1$/);
    const config = objects.find(({ kind }) => kind === 'ConfigMap')?.data ?? {};
    expect(JSON.parse(config['net-conf.json'] ?? '')).toMatchObject({
      Network: expect.stringMatching(/^10\.\d+\.0\.0\/(16|24)$/),
      Backend: { Type: expect.stringMatching(/^(vxlan|host-gw)$/) },
    });
  });
});

describe('load balancers', () => {
  test('haproxy accepts every haproxy.cfg', async () => {
    requirePrograms('haproxy');
    const said = await few(named(/haproxy\.cfg$/), 2, async ({ file, lab, full }) => ({
      lab: lab.name,
      file,
      ...(await say('haproxy', ['-c', '-f', full])),
    }));
    expect(said.length).toBeGreaterThan(4);
    expect(said.filter(({ status, text }) => status !== 0 || /warning/i.test(text))).toEqual([]);
  });

  test('keepalived accepts every keepalived.conf, as the machine fills it in', async () => {
    requirePrograms('keepalived');
    const said = await few(named(/keepalived\.conf$/), 2, async ({ file, lab, full }) => {
      const filled = readFileSync(full, 'utf8')
        .replaceAll('@INTERFACE@', interfaceOfThisHost())
        .replaceAll('@VRRP_PASSWORD@', 'abcd1234')
        .replaceAll('/usr/local/bin/check-api', '/bin/true');
      expect(filled).not.toMatch(/@[A-Z_]+@/);
      writeFileSync(`${full}.filled`, filled, { mode: 0o600 });
      return {
        lab: lab.name,
        file,
        ...(await say('keepalived', ['--config-test', '--use-file', `${full}.filled`])),
      };
    });
    expect(said.length).toBeGreaterThan(2);
    expect(said.filter(({ status }) => status !== 0)).toEqual([]);
  });
});

test('systemd accepts every unit', async () => {
  requirePrograms('systemd-analyze');
  const units = named(/\.service$/);
  const contents = new Map(
    units.map(({ full, file }) => [`${path.basename(file)}\0${readFileSync(full, 'utf8')}`, full]),
  );
  const said = await few([...contents], 2, async ([key, full]) => {
    // A folder for each: systemd takes the file's name for the unit's. Programs of the machine are not here.
    const folder = path.join(
      root,
      `unit-${Buffer.from(key).toString('hex').slice(-16)}-${path.basename(path.dirname(full))}`,
    );
    mkdirSync(folder, { recursive: true });
    const unit = path.join(folder, path.basename(full));
    const text = readFileSync(full, 'utf8').replaceAll(/^(Exec\w+=[-@+!:]*)(\S+)/gm, '$1/bin/true');
    writeFileSync(unit, text.replaceAll(/^(Requires|Wants|After|PartOf|BindsTo)=.*$/gm, ''));
    return { unit: path.basename(full), ...(await say('systemd-analyze', ['verify', '--man=no', unit])) };
  });
  expect(said.length).toBeGreaterThan(3);
  const complaints = said.map(({ unit, text }) => ({
    unit,
    text: text
      .split('\n')
      .filter((line) => line.includes(unit))
      .join('\n'),
  }));
  expect(complaints.filter(({ text }) => text !== '')).toEqual([]);
});

/** keepalived looks whether the adapter is there, and does not take the loopback. */
function interfaceOfThisHost(): string {
  const found = Object.entries(networkInterfaces()).find(([, addresses]) =>
    addresses?.some(({ internal }) => !internal),
  );
  if (found === undefined)
    throw new Error('This host has no network adapter besides the loopback; keepalived needs one.');
  return found[0];
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
