import { describe, expect, test } from '@jest/globals';
import { bodyOf } from '../../../src/bundle/upstream/answers.js';
import { packagesOf, releaseSums, signedText } from '../../../src/bundle/upstream/aptLists.js';
import { choosePackages, kubernetesWishes } from '../../../src/bundle/upstream/choosePackages.js';
import { compareDebian } from '../../../src/bundle/upstream/debianVersion.js';
import { waitOf } from '../../../src/bundle/upstream/failure.js';
import { parseImageName } from '../../../src/bundle/upstream/imageName.js';
import { addressOf, placeOf } from '../../../src/bundle/upstream/places.js';
import { repomdFiles, rpmPackages } from '../../../src/bundle/upstream/rpmLists.js';
import { compareRpm, compareRpmText } from '../../../src/bundle/upstream/rpmVersion.js';
import { parseChallenge, tokenUrl } from '../../../src/bundle/upstream/tokens.js';
import { aptRepositoryFiles, debs } from '../../support/upstreamWorld.js';

describe('names of images', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  test.each([
    ['nginx', 'docker.io/library/nginx:latest', 'registry-1.docker.io', 'library/nginx', 'latest'],
    ['nginx:1.27', 'docker.io/library/nginx:1.27', 'registry-1.docker.io', 'library/nginx', '1.27'],
    ['calico/node:v3', 'docker.io/calico/node:v3', 'registry-1.docker.io', 'calico/node', 'v3'],
    [
      'registry.k8s.io/coredns/coredns:v1',
      'registry.k8s.io/coredns/coredns:v1',
      'registry.k8s.io',
      'coredns/coredns',
      'v1',
    ],
    ['localhost:5000/a', 'localhost:5000/a:latest', 'localhost:5000', 'a', 'latest'],
    [`quay.io/a/b@${digest}`, `quay.io/a/b@${digest}`, 'quay.io', 'a/b', digest],
    [`quay.io/a/b:v1@${digest}`, `quay.io/a/b:v1@${digest}`, 'quay.io', 'a/b', digest],
  ])('%s', (text, full, host, repository, reference) => {
    expect(parseImageName(text)).toMatchObject({ full, host, repository, reference });
  });

  test.each([
    '',
    'Upper/case',
    'quay.io/../../etc/passwd',
    'quay.io/a/..:v1',
    'quay.io//a',
    'quay.io/a:../b',
    'quay.io/a@sha256:abc',
    `quay.io/a@sha512:${'a'.repeat(64)}`,
    'quay.io/a b',
    '-x.io/a',
    'https://quay.io/a',
    'a?x=1',
    `quay.io/${'a/'.repeat(200)}a`,
  ])('%j is none', (text) => {
    expect(parseImageName(text)).toBeUndefined();
  });
});

describe('places in the bundle', () => {
  test('are the path upstream', () => {
    expect(placeOf('https://pkgs.k8s.io/core:/stable:/v1.36/deb/Packages')).toBe(
      'files/pkgs.k8s.io/core:/stable:/v1.36/deb/Packages',
    );
    expect(addressOf('https://pkgs.k8s.io/core:/x', './amd64/g++_1%3a2~3.deb')).toBe(
      'https://pkgs.k8s.io/core:/x/amd64/g++_1%253a2~3.deb',
    );
    expect(placeOf(addressOf('https://h.org/r/', 'amd64/g++_1~2 3.deb'))).toBe(
      'files/h.org/r/amd64/g++_1~2 3.deb',
    );
  });

  test.each([
    '../x',
    'a/../../x',
    '/etc/passwd',
    'a//b',
    'a/./b',
    'a\\..\\b',
    'a\u0000b',
    'a\nb',
    '',
    `a/${'x'.repeat(300)}`,
  ])('%j is refused in a list', (name) => {
    expect(() => addressOf('https://pkgs.k8s.io/r/', name)).toThrow(/not allowed/);
  });

  test.each([
    'https://h.org/a/%2e%2e%2fb',
    'https://h.org/a%2fb',
    'https://h.org/a%00b',
    'https://h.org/a?b=c',
    'https://h.org/a%ff',
    'https://h.org/a/',
  ])('%s is refused', (url) => {
    expect(() => placeOf(url)).toThrow(/not allowed/);
  });
});

describe('versions', () => {
  const sorted = [
    '1.0~rc1-1',
    '1.0-1',
    '1.0-1.1',
    '1.0-2.1',
    '1.0-10.1',
    '1.0a-1',
    '1.0+b-1',
    '1.9-1',
    '1.10-1',
    '1:0.1-1',
  ];
  test('are ordered as dpkg orders them', () => {
    expect([...sorted].reverse().sort(compareDebian)).toEqual(sorted);
    expect(compareDebian('1.0', '1.0-0')).toBe(0);
    expect(compareDebian('1.01', '1.1')).toBe(0);
  });

  test('are ordered as rpm orders them', () => {
    const order = ['1.0~rc1', '1.0', '1.0^git1', '1.0.a', '1.0.1', '1.0.1a', '1.9', '1.10'];
    expect([...order].reverse().sort(compareRpmText)).toEqual(order);
    const version = (epoch: string, text: string, release: string) => ({ epoch, version: text, release });
    expect(
      compareRpm(version('0', '1.36.3', '150500.1.1'), version('0', '1.36.3', '150500.2.1')),
    ).toBeLessThan(0);
    expect(compareRpm(version('1', '1.0', '1'), version('0', '2.0', '1'))).toBeGreaterThan(0);
    expect(compareRpm(version('0', '1.0', ''), version('0', '1.0', '7'))).toBe(0);
  });
});

describe('lists of apt', () => {
  const url = 'https://pkgs.k8s.io/r/';
  const files = aptRepositoryFiles(debs('1.36.5'));
  const packages = packagesOf(url, files.Packages?.toString() ?? '', 'amd64');
  const compare = (a: { version: string }, b: { version: string }): number =>
    compareDebian(a.version, b.version);
  const choose = (wishes = kubernetesWishes('1.36.5'), from = packages): string[] =>
    choosePackages(url, from, wishes, compare).map(({ name, version }) => `${name} ${version}`);

  test('give what apt would choose', () => {
    expect(choose().sort()).toEqual([
      'cri-tools 1.36.0-1.1',
      'kubeadm 1.36.5-2.1',
      'kubectl 1.36.5-1.1',
      'kubelet 1.36.5-1.1',
      'kubernetes-cni 1.9.1-1.1',
    ]);
  });

  test('need no kubernetes-cni where nothing needs it, and no newer kubelet than the chosen one', () => {
    const text = (name: string, version: string, depends = '') =>
      `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\nFilename: ${name}_${version}.deb\nSize: 1\nSHA256: ${'a'.repeat(64)}\n${depends}\n`;
    const list = packagesOf(
      url,
      ['kubelet', 'kubectl', 'cri-tools']
        .flatMap((name) => [text(name, '1.36.5-1.1'), text(name, '1.36.9-1.1')])
        .concat(
          text(
            'kubeadm',
            '1.36.5-1.1',
            'Depends: kubelet (>= 1.19.0),kubectl (>= 1.19.0), gone | cri-tools (>= 1.0)\n',
          ),
        )
        .join('\n'),
      'amd64',
    );
    expect(choose(undefined, list).sort()).toEqual([
      'cri-tools 1.36.9-1.1',
      'kubeadm 1.36.5-1.1',
      'kubectl 1.36.5-1.1',
      'kubelet 1.36.5-1.1',
    ]);
  });

  test('say which version there is when the wanted one is missing, or what a package lacks', () => {
    expect(() => choose(kubernetesWishes('1.36.50'))).toThrow(/kubelet 1\.36\.50/);
    expect(() =>
      choose(
        undefined,
        packages.filter(({ name, version }) => name !== 'kubernetes-cni' || version < '1.2'),
      ),
    ).toThrow('kubelet 1.36.5-1.1 needs a kubernetes-cni');
  });

  test('are refused when malformed', () => {
    for (const wrong of ['Size: -1', 'SHA256: zz', 'Size: 1e9']) {
      const field = wrong.split(':')[0] ?? '';
      const text = (files.Packages?.toString() ?? '').replace(new RegExp(`^${field}: .*$`, 'm'), wrong);
      expect(() => packagesOf(url, text, 'amd64')).toThrow(/malformed at cri-tools/);
    }
  });

  test('sums come from the SHA256 part alone', () => {
    const sums = releaseSums(files.Release?.toString() ?? '');
    expect([...sums.keys()]).toEqual(['Packages', 'Packages.gz']);
    expect(sums.get('Packages')?.size).toBe(files.Packages?.length);
  });

  test('only what is signed is read, whatever stands around it', () => {
    const signed =
      '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nA: b\n- -x\n-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n';
    expect(signedText(signed)).toBe('A: b\n-x\n');
    expect(signedText(signed.replaceAll('\n', '\r\n'))).toBe('A: b\n-x\n');
    for (const wrong of [
      `SHA256:\n x\n${signed}`,
      `${signed}SHA256:\n`,
      `${signed}${signed}`,
      signed.replace('Hash: SHA256', 'SHA256: x'),
      'A: b\n',
      '',
    ])
      expect(signedText(wrong)).toBeUndefined();
  });
});

describe('lists of rpm', () => {
  const sum = 'a'.repeat(64);
  const repomd = `<repomd><data type="primary"><checksum type="sha256">${sum}</checksum><open-checksum type="sha256">${'b'.repeat(64)}</open-checksum>
    <location href="repodata/x-primary.xml.gz"/><size>77</size><open-size>9</open-size></data></repomd>`;
  const entry = (name: string, ver: string, rel: string, requires = '', arch = 'x86_64') =>
    `<package type="rpm"><name>${name}</name><arch>${arch}</arch><version epoch="0" ver="${ver}" rel="${rel}"/>
     <checksum type="sha256" pkgid="YES">${sum}</checksum><size package="12" installed="3" archive="4"/>
     <location href="${arch}/${name}-${ver}-${rel}.${arch}.rpm"/><format><rpm:provides><rpm:entry name="${name}"/></rpm:provides>
     <rpm:requires>${requires}</rpm:requires></format></package>`;

  test('name the metadata with their sums', () => {
    expect(repomdFiles('r', repomd)).toEqual([
      { type: 'primary', href: 'repodata/x-primary.xml.gz', sha256: sum, size: 77 },
    ]);
    expect(() => repomdFiles('r', repomd.replace('type="sha256"', 'type="md5"'))).toThrow(/malformed/);
  });

  test('give what dnf would choose', () => {
    const xml = [
      entry(
        'kubelet',
        '1.36.5',
        '150500.1.1',
        '<rpm:entry name="kubernetes-cni" flags="GE" epoch="0" ver="1.2.0"/><rpm:entry name="iptables"/>',
      ),
      entry('kubelet', '1.36.5', '150500.1.1', '', 'aarch64'),
      entry('kubeadm', '1.36.5', '150500.1.1'),
      entry('kubectl', '1.36.5', '150500.2.1'),
      entry('kubectl', '1.36.5', '150500.10.1'),
      entry('cri-tools', '1.36.0', '150500.1.1'),
      entry('kubernetes-cni', '1.1.0', '150500.1.1'),
      entry('kubernetes-cni', '1.9.1', '150500.1.1'),
    ].join('\n');
    const packages = rpmPackages('r', xml, 'x86_64');
    const chosen = choosePackages('r', packages, kubernetesWishes('1.36.5'), (a, b) =>
      compareRpm(a.exact, b.exact),
    );
    expect(chosen.map(({ file }) => file).sort()).toEqual(
      [
        'cri-tools-1.36.0-150500.1.1',
        'kubeadm-1.36.5-150500.1.1',
        'kubectl-1.36.5-150500.10.1',
        'kubelet-1.36.5-150500.1.1',
        'kubernetes-cni-1.9.1-150500.1.1',
      ].map((name) => `x86_64/${name}.x86_64.rpm`),
    );
  });
});

test('a body ends when its signal is aborted, also one that fetch itself would go on waiting for', async () => {
  const ending = new AbortController();
  let cancelled: unknown;
  const body = new ReadableStream<Uint8Array>({
    start: (stream) => {
      stream.enqueue(new Uint8Array(3));
    },
    cancel: (reason: unknown) => {
      cancelled = reason;
    },
  });
  const chunks = bodyOf({ response: new Response(body), signal: ending.signal });
  expect((await chunks.next()).value).toHaveLength(3);
  const next = chunks.next();
  const reason = new Error('enough');
  ending.abort(reason);
  await expect(next).rejects.toBe(reason);
  expect(cancelled).toBe(reason);
});

describe('headers', () => {
  test('Retry-After is seconds or a date', () => {
    expect(waitOf('7')).toBe(7000);
    expect(waitOf('Wed, 21 Oct 2026 07:28:10 GMT', Date.parse('2026-10-21T07:28:00Z'))).toBe(10_000);
    expect(waitOf('Wed, 21 Oct 2015 07:28:00 GMT')).toBe(0);
    for (const none of [null, 'soon', '-4', '']) expect(waitOf(none)).toBeUndefined();
  });

  test('challenges', () => {
    const challenge = parseChallenge(
      'Bearer realm="https://a.org/token?x=1",service="a, b",scope="repository:x:pull"',
    );
    expect(challenge).toEqual({ realm: 'https://a.org/token?x=1', service: 'a, b' });
    expect(tokenUrl(challenge ?? { realm: '' }, 'repository:x:pull')).toBe(
      'https://a.org/token?x=1&service=a%2C+b&scope=repository%3Ax%3Apull',
    );
    expect(parseChallenge('Basic realm="a", Bearer realm="https://b.org"')).toEqual({
      realm: 'https://b.org',
    });
    expect(parseChallenge('Basic realm="a"')).toBeUndefined();
  });
});
