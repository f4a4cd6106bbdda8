import { appendFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeBundleDocument } from '../../src/bundle/document.js';
import { tarBytes } from '../../src/bundle/modules/tarWriter.js';
import { writeImage, writeIndex, writeLayer } from '../../src/bundle/oci.js';
import { Place } from './support/place.js';

const place = new Place();
const bundle = place.path('bundle');

beforeAll(async () => {
  const oci = path.join(bundle, 'oci');
  const layer = await writeLayer(oci, tarBytes([{ path: 'pause', mode: 0o755, text: 'program' }], 0));
  const arch = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const config = { architecture: arch, created: 0, environment: {}, entrypoint: ['/pause'] };
  await writeIndex(oci, [
    { name: 'registry.k8s.io/pause:3.10.2', manifest: await writeImage(oci, config, [layer]) },
  ]);
  mkdirSync(path.join(bundle, 'files', 'example.org'), { recursive: true });
  writeFileSync(path.join(bundle, 'files', 'example.org', 'program'), 'hello');
  await writeBundleDocument(bundle, {
    name: 'tiny',
    from: 'modules',
    platform: `linux/${arch}`,
    versions: { kubernetes: '1.36.3' },
    keys: {},
    originOf: () => 'a test',
  });
});
afterAll(() => {
  place.remove();
});

describe('bundle', () => {
  test('list says what is inside', async () => {
    const { stdout } = await place.expect(0, 'bundle', 'list', 'bundle');
    expect(stdout).toMatch(/^tiny: linux\/\w+, from modules, /m);
    expect(stdout).toMatch(/^kubernetes +1\.36\.3$/m);
    expect(stdout).toMatch(/^registry\.k8s\.io\/pause:3\.10\.2 +\d/m);
    expect(stdout).toMatch(/^example\.org\/program +5 B +a test$/m);
    expect(await place.json(0, 'bundle', 'list', 'bundle')).toMatchObject({ name: 'tiny', versions: [{}] });
    await place.expect(2, 'bundle', 'list');
  });

  test('verify finds what was changed', async () => {
    expect((await place.expect(0, 'bundle', 'verify', 'bundle')).stdout).toContain('tiny is whole');
    const file = path.join(bundle, 'files', 'example.org', 'program');
    appendFileSync(file, '!');
    const { stdout } = await place.expect(1, 'bundle', 'verify', 'bundle');
    expect(stdout).toContain('files/example.org/program has 6 bytes instead of 5');
    expect(await place.json(1, 'bundle', 'verify', 'bundle')).toMatchObject({
      sound: false,
      findings: [{ path: 'files/example.org/program', problem: 'size' }],
    });
    writeFileSync(file, 'hello');
    expect((await place.expect(2, 'bundle', 'verify', '.')).stderr).toContain('BUNDLE_NOT_FOUND');
  });

  test('serve refuses an address that is none', async () => {
    for (const address of ['everywhere', '999.1.1.1:8580', '0.0.0.0:65536']) {
      const { stderr } = await place.expect(3, 'bundle', 'serve', 'bundle', '--listen', address);
      expect(stderr).toContain('is not an address and a port');
    }
  });

  test('create from modules refuses another processor than this host’s', async () => {
    const other = process.arch === 'arm64' ? 'linux/amd64' : 'linux/arm64';
    const args = ['bundle', 'create', '--from', 'modules', '--platform', other, '--out', 'new'];
    expect((await place.expect(2, ...args)).stderr).toContain('built for this host’s processor');
  });

  test('a lab that it does not suffice for is refused before its folder is made', async () => {
    const { stderr } = await place.expect(2, 'create', '1cp-1w', '--no-up', '--bundle', 'bundle');
    expect(stderr).toContain('PLAN_BUNDLE_LACKS');
    expect(existsSync(place.path('1cp-1w'))).toBe(false);
  });

  test('a lab keeps its bundle until it is told otherwise, also while the bundle is away', async () => {
    const create = ['create', 'cni-2n', '--no-up', '--provider', 'virtualbox'];
    const decided = (): unknown => JSON.parse(place.read('cni-2n', '.k8slab', 'decisions.json'));
    await place.expect(0, ...create, '--bundle', 'bundle');
    expect(decided()).toMatchObject({ bundle });
    renameSync(bundle, place.path('elsewhere'));
    const before = place.read('cni-2n', 'README.md');
    await place.expect(0, 'render', '--dir', 'cni-2n');
    expect(decided()).toMatchObject({ bundle });
    expect(place.read('cni-2n', 'README.md')).toBe(before);
    expect(before).toContain('the bundle tiny');
    await place.expect(0, ...create, '--bundle', 'none');
    expect(decided()).toMatchObject({ bundle: 'none' });
    expect(place.read('cni-2n', 'README.md')).not.toContain('bundle');
    renameSync(place.path('elsewhere'), bundle);
  });
});
