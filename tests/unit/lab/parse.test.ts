import { describe, expect, test } from '@jest/globals';
import { codesOf, errorsOf, marked, parse } from './expectLab.js';

describe('a short lab', () => {
  test('is complete, with every default filled in', () => {
    const { lab, warnings } = parse('controlPlanes: 1\nworkers: 2\n');
    expect(lab).toEqual({
      name: '1cp-2w',
      description: '',
      provider: 'auto',
      box: 'auto',
      kubernetes: { version: 'default' },
      bootstrap: { name: 'kubeadm', options: {} },
      runtime: { name: 'containerd', options: {} },
      cni: { name: 'calico', options: {} },
      loadBalancer: { name: 'none', options: {} },
      networking: {
        hostOnlySubnet: 'auto',
        podSubnet: '10.244.0.0/16',
        serviceSubnet: '10.96.0.0/12',
        dnsDomain: 'cluster.local',
        nodeCidrMaskSize: 24,
        mtu: 'auto',
        virtualAddress: 'auto',
        endpointPort: 'auto',
        apiServerPort: 6443,
      },
      controlPlanes: { count: 1, cpus: 2, memoryMiB: 2048, diskGiB: 20, schedulable: false, machines: [] },
      workers: { count: 2, cpus: 1, memoryMiB: 1536, diskGiB: 20, schedulable: true, machines: [] },
      loadBalancers: { count: 0, cpus: 1, memoryMiB: 512, diskGiB: 20, schedulable: false, machines: [] },
    });
    expect(warnings).toEqual([]);
  });

  test('without workers has control planes that take pods', () => {
    expect(parse('name: one\n').lab.controlPlanes).toMatchObject({ count: 1, schedulable: true });
  });

  test('without Kubernetes has no control plane and the plain bridge', () => {
    const { lab } = parse('bootstrap: none\nworkers:\n  machines:\n    - name: node1\n    - name: node2\n');
    expect(lab.controlPlanes.count).toBe(0);
    expect(lab.cni.name).toBe('bridge');
    expect(lab.workers).toMatchObject({ count: 2, machines: [{ name: 'node1' }, { name: 'node2' }] });
  });

  test('may have groups whose lines are all commented out', () => {
    expect(parse('workers: 1\nnetworking:\n#  mtu: 1400\n').lab.networking.mtu).toBe('auto');
  });
});

describe('a long lab', () => {
  const text = [
    'name: big',
    'box: {name: acme/server, family: dnf, url: "https://example.org/a.box", version: "1.0"}',
    'kubernetes: {version: "1.36"}',
    'cni:',
    '  name: calico',
    '  encapsulation: vxlan',
    'networking:',
    '  hostOnlySubnet: 192.168.57.0/24',
    '  mtu: 1450',
    'controlPlanes: {count: 3, cpus: 4, memory: 4G}',
    'workers:',
    '  count: 2',
    '  memory: 2048',
    '  disk: 40GiB',
    '  machines:',
    '    - name: big-one',
    '      address: .30',
    '      memory: 1.5GiB',
    '    - address: 192.168.57.31',
    'loadBalancers: 2',
  ].join('\n');

  test('keeps what was written', () => {
    const { lab } = parse(text);
    expect(lab.box).toEqual({
      name: 'acme/server',
      family: 'dnf',
      url: 'https://example.org/a.box',
      version: '1.0',
    });
    expect(lab.cni).toEqual({ name: 'calico', options: { encapsulation: 'vxlan' } });
    expect(lab.controlPlanes).toMatchObject({ count: 3, cpus: 4, memoryMiB: 4096 });
    expect(lab.workers).toMatchObject({ memoryMiB: 2048, diskGiB: 40 });
    expect(lab.workers.machines).toEqual([
      { name: 'big-one', address: '192.168.57.30', memoryMiB: 1536 },
      { address: '192.168.57.31' },
    ]);
  });

  test('knows the place of every value', () => {
    const { positions } = parse(text).source;
    expect(positions['networking.hostOnlySubnet']).toEqual({ line: 8, column: 19, length: 15 });
    expect(positions['workers.machines.1.address']).toEqual({ line: 19, column: 16, length: 13 });
    expect(positions.networking).toEqual({ line: 7, column: 1, length: 10 });
    expect(positions['networking.podSubnet']).toBeUndefined();
  });

  test('leaves the short address to the plan when the range is auto', () => {
    const { lab } = parse('workers: {count: 1, machines: [{address: .30}]}');
    expect(lab.workers.machines).toEqual([{ address: '.30' }]);
  });
});

describe('what a file may look like', () => {
  test('a byte order mark and CRLF line ends do not matter', () => {
    const windows = parse('\ufeffworkers: 2\r\nnetworking:\r\n  mtu: 1400\r\n');
    expect(windows.lab.networking.mtu).toBe(1400);
    expect(windows.source.positions['networking.mtu']).toEqual({ line: 3, column: 8, length: 4 });
  });

  test.each([
    ['a tab', 'workers:\n\tcount: 2\n', 'LAB_TAB', 2, 1],
    ['an open quote', 'name: "x\nworkers: 2\n', 'LAB_SYNTAX', 1, 7],
    ['two colons', 'workers: count: 2\n', 'LAB_SYNTAX', 1, 10],
    ['no colon', 'workers 2\nname: x\n', 'LAB_SYNTAX', 1, 1],
    ['a second document', 'workers: 1\n---\nworkers: 2\n', 'LAB_MULTIPLE_DOCUMENTS', 2, 1],
    ['a list', '- workers: 2\n', 'LAB_NOT_A_MAP', 1, 1],
    ['one word', 'workers\n', 'LAB_NOT_A_MAP', 1, 1],
    ['nothing', '', 'LAB_EMPTY', 1, 1],
    ['comments only', '# a lab\n', 'LAB_EMPTY', 1, 1],
    ['a key twice', 'workers: 1\nworkers: 2\n', 'LAB_DUPLICATE_KEY', 2, 1],
    ['a merge key', 'workers:\n  <<: {cpus: 2}\n  count: 1\n', 'LAB_MERGE_KEY', 2, 3],
    ['an alias', 'name: &a x\ndescription: *a\n', 'LAB_ALIAS', 2, 14],
    ['a tag', 'name: !!binary aGk=\n', 'LAB_TAG', 1, 16],
    ['a directive', '%YAML 1.1\n---\nworkers: 1\n', 'LAB_SYNTAX', 1, 1],
    ['a complex key', '? [workers]\n: 2\n', 'LAB_SYNTAX', 1, 3],
    ['NUL characters', 'w\0o\0r\0k\0', 'LAB_NOT_TEXT', 1, 2],
    ['bytes that are no text', 'name: \ufffd\ufffd\n', 'LAB_NOT_TEXT', 1, 7],
    ['an escape character', 'name: x\nworkers: 2\u001b[2J\n', 'LAB_CONTROL_CHARACTER', 2, 11],
    ['a mark that reorders text', 'name: a\u202eb\n', 'LAB_CONTROL_CHARACTER', 1, 8],
    ['a lone carriage return', 'name: a\rworkers: 2', 'LAB_CONTROL_CHARACTER', 1, 8],
  ])('%s is refused where it stands', (_, text, code, line, column) => {
    const errors = errorsOf(text);
    expect(errors.map((error) => [error.code, error.where?.line, error.where?.column])).toEqual([
      [code, line, column],
    ]);
    expect(errors[0]?.fix.join()).not.toBe('');
    expect(errors[0]?.where).toMatchObject({ file: 'lab.yaml' });
  });

  test('a plain tag that makes a number text is accepted', () => {
    expect(parse('kubernetes: {version: !!str 1.36}\n').lab.kubernetes.version).toBe('1.36');
  });
});

describe('mistakes in keys and values', () => {
  test.each([
    ['workers: 2\nnetwroking: {}\n', 'LAB_UNKNOWN_KEY', 2, 1, 'netwroking', 'Did you mean `networking`?'],
    ['control_planes: 1\n', 'LAB_UNKNOWN_KEY', 1, 1, 'control_planes', 'Did you mean `controlPlanes`?'],
    ['masters: 1\n', 'LAB_UNKNOWN_KEY', 1, 1, 'masters', 'Did you mean `controlPlanes`?'],
    ['workers:\n  count: 1\n  ram: 2GiB\n', 'LAB_UNKNOWN_KEY', 3, 3, 'ram', 'Did you mean `memory`?'],
    [
      'networking: {podsubnet: 10.1.0.0/16}\n',
      'LAB_UNKNOWN_KEY',
      1,
      14,
      'podsubnet',
      'Did you mean `podSubnet`?',
    ],
    [
      'cni: {name: calico, encapsulaton: vxlan}\n',
      'LAB_UNKNOWN_KEY',
      1,
      21,
      'encapsulaton',
      'Did you mean `encapsulation`?',
    ],
    ['workers: 1\nfoo: 1\n', 'LAB_UNKNOWN_KEY', 2, 1, 'foo', 'Known here: name, description'],
    [
      'cni: {name: bridge, encapsulation: vxlan}\n',
      'LAB_UNKNOWN_KEY',
      1,
      21,
      'encapsulation',
      'Known here: name.',
    ],
    ['podSubnet: 10.1.0.0/16\n', 'LAB_WRONG_PLACE', 1, 1, 'podSubnet', 'networking:\n  podSubnet: …'],
    [
      'networking.podSubnet: 10.1.0.0/16\n',
      'LAB_WRONG_PLACE',
      1,
      1,
      'networking.podSubnet',
      'networking:\n  podSubnet: …',
    ],
    [
      'networking:\n  workers: 2\n',
      'LAB_WRONG_PLACE',
      2,
      3,
      'workers',
      'Write `workers:` without indentation.',
    ],
    ['version: "1.37"\n', 'LAB_WRONG_PLACE', 1, 1, 'version', 'kubernetes:\n  version: …'],
    ['provider: virtualbx\n', 'LAB_VALUE', 1, 11, 'virtualbx', 'Did you mean `virtualbox`?'],
    ['box: debian-99\n', 'LAB_VALUE', 1, 6, 'debian-99', 'Valid: auto, ubuntu-24.04, debian-12, rocky-9.'],
    ['cni: caliko\n', 'LAB_VALUE', 1, 6, 'caliko', 'Did you mean `calico`?'],
    ['cni:\n  name: flanel\n', 'LAB_VALUE', 2, 9, 'flanel', 'Did you mean `flannel`?'],
    ['cni: {name: calico, encapsulation: vxlna}\n', 'LAB_VALUE', 1, 36, 'vxlna', 'Did you mean `vxlan`?'],
    ['cni: {blockSize: "26"}\n', 'LAB_TYPE', 1, 18, '"26"', 'Write a whole number.'],
    ['cni: {bgp: 1}\n', 'LAB_TYPE', 1, 12, '1', 'Write `true` or `false`.'],
    ['cni: {version: 3.30}\n', 'LAB_VERSION_UNQUOTED', 1, 16, '3.30', 'version: "3.30"'],
    ['kubernetes:\n  version: 1.30\n', 'LAB_VERSION_UNQUOTED', 2, 12, '1.30', 'version: "1.30"'],
    ['kubernetes: "1.37"\n', 'LAB_TYPE', 1, 13, '"1.37"', 'Write a group of settings.'],
    ['name: 123\n', 'LAB_TYPE', 1, 7, '123', 'name: "123"'],
    ['name: true\n', 'LAB_TYPE', 1, 7, 'true', 'name: "true"'],
    ['name:\n', 'LAB_MISSING', 1, 1, 'name', 'or delete the line'],
    ['workers:\n', 'LAB_MISSING', 1, 1, 'workers', 'or delete the line'],
    ['workers: two\n', 'LAB_TYPE', 1, 10, 'two', 'a whole number or a group of settings'],
    ['workers: 2.5\n', 'LAB_TYPE', 1, 10, '2.5', 'a whole number'],
    ['workers: -1\n', 'LAB_RANGE', 1, 10, '-1', 'at least 0'],
    ['workers: 900\n', 'LAB_RANGE', 1, 10, '900', 'at most 89'],
    ['controlPlanes: {count: 11}\n', 'LAB_RANGE', 1, 24, '11', 'at most 10'],
    ['workers: {count: 1, cpus: 0}\n', 'LAB_RANGE', 1, 27, '0', 'at least 1'],
    ['workers: {count: 1, machines: {name: x}}\n', 'LAB_TYPE', 1, 21, 'machines', 'a list'],
    ['workers: {count: 1, schedulable: "yes"}\n', 'LAB_TYPE', 1, 34, '"yes"', '`true` or `false`'],
    ['workers: {count: 1, memory: 2}\n', 'LAB_SIZE', 1, 29, '2', 'Did you mean `2GiB`?'],
    ['workers: {count: 1, memory: 2 gigs}\n', 'LAB_SIZE', 1, 29, '2 gigs', 'Write `2GiB` or `2048MiB`.'],
    ['workers: {count: 1, memory: 9TiB}\n', 'LAB_SIZE', 1, 29, '9TiB', 'Write `2GiB`'],
    ['workers: {count: 1, disk: 2}\n', 'LAB_SIZE', 1, 27, '2', 'Write `20GiB`'],
    ['workers: {count: 1, disk: 1500MiB}\n', 'LAB_SIZE', 1, 27, '1500MiB', 'Write `20GiB`'],
    ['networking: {nodeCidrMaskSize: 30}\n', 'LAB_RANGE', 1, 32, '30', 'at most 28'],
    ['box: {family: apt}\n', 'LAB_MISSING', 1, 1, 'box', 'text'],
  ])('%j', (text, code, line, column, under, fix) => {
    const errors = errorsOf(text);
    expect(errors.map((error) => [error.code, error.where?.line, error.where?.column])).toEqual([
      [code, line, column],
    ]);
    expect(errors.map(marked)).toEqual([under]);
    expect(errors[0]?.fix.join('\n')).toContain(fix);
  });

  test('an unquoted version says how YAML reads it', () => {
    expect(errorsOf('kubernetes: {version: 1.30}')[0]?.message).toContain('YAML reads it as 1.3');
  });

  test('all are reported together, in the order of the file, rules included', () => {
    const text = [
      'name: Bad_Name',
      'provider: virtualbx',
      'kubernetes: {version: 1.30}',
      'networking:',
      '  podSubnet: 172.178.33.0/16',
      '  mtuu: 1400',
      'workers:',
      '  count: 2',
      '  memory: 2',
      '  machines:',
      '    - name: a_b',
    ].join('\n');
    expect(errorsOf(text).map((error) => [error.where?.line, error.code])).toEqual([
      [1, 'LAB_NAME'],
      [2, 'LAB_VALUE'],
      [3, 'LAB_VERSION_UNQUOTED'],
      [5, 'LAB_HOST_BITS'],
      [5, 'LAB_PUBLIC_RANGE'],
      [6, 'LAB_UNKNOWN_KEY'],
      [9, 'LAB_SIZE'],
      [11, 'LAB_NAME'],
    ]);
  });

  test('a wrong value does not raise further errors about what follows from it', () => {
    expect(codesOf('bootstrap: kubeadn\ncontrolPlanes: 0\n')).toEqual(['LAB_VALUE']);
    expect(codesOf('controlPlanes: none\n')).toEqual(['LAB_TYPE']);
    expect(codesOf('networking: {podsubnet: 10.1.0.0/16, serviceSubnet: 10.244.0.0/16}')).toEqual([
      'LAB_UNKNOWN_KEY',
    ]);
  });
});

test('a misspelt key beside the one meant hides no mistake of that one', () => {
  const lab = 'controlPlanes: {count: 1, cpus: 1}\ncontrolPlane: 1\n';
  expect(codesOf(lab)).toEqual(['LAB_CONTROL_PLANE_SIZE', 'LAB_UNKNOWN_KEY']);
});
