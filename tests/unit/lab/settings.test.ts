import { describe, expect, test } from '@jest/globals';
import { applySettings } from '../../../src/lab/parse.js';
import { errorsOf, marked, parse } from './expectLab.js';

describe('--set', () => {
  test.each<[string, string[], unknown, (lab: ReturnType<typeof parse>['lab']) => unknown]>([
    ['name: x\n', ['kubernetes.version=1.36'], '1.36', (lab) => lab.kubernetes.version],
    ['kubernetes: {version: "1.37"}\n', ['kubernetes.version=1.36'], '1.36', (lab) => lab.kubernetes.version],
    ['workers: 2\n', ['workers=3'], 3, (lab) => lab.workers.count],
    ['workers: 2\n', ['workers.memory=2GiB'], [2, 2048], (lab) => [lab.workers.count, lab.workers.memoryMiB]],
    ['workers: 2\n', ['workers.memory=3072'], 3072, (lab) => lab.workers.memoryMiB],
    ['workers: {count: 2, cpus: 4}\n', ['workers=3'], [3, 4], (lab) => [lab.workers.count, lab.workers.cpus]],
    [
      'workers: 2\n',
      ['controlPlanes.memory=4GiB'],
      [1, 4096],
      (lab) => [lab.controlPlanes.count, lab.controlPlanes.memoryMiB],
    ],
    [
      'cni: {name: calico, encapsulation: vxlan}\n',
      ['cni=bridge'],
      { name: 'bridge', options: {} },
      (lab) => lab.cni,
    ],
    [
      'cni: calico\n',
      ['cni.encapsulation=vxlan'],
      { name: 'calico', options: { encapsulation: 'vxlan' } },
      (lab) => lab.cni,
    ],
    [
      'name: x\n',
      ['cni.encapsulation=vxlan'],
      { name: 'calico', options: { encapsulation: 'vxlan' } },
      (lab) => lab.cni,
    ],
    [
      'cni: {name: calico, bgp: true}\n',
      ['cni=calico'],
      { name: 'calico', options: { bgp: true } },
      (lab) => lab.cni,
    ],
    [
      'name: x\n',
      ['cni.bgp=false', 'cni.version=3.30'],
      { bgp: false, version: '3.30' },
      (lab) => lab.cni.options,
    ],
    [
      'box: debian-12\n',
      ['box.url=https://example.org/a.box'],
      { name: 'debian-12', family: 'apt', url: 'https://example.org/a.box' },
      (lab) => lab.box,
    ],
    ['name: x\n', ['name="007"'], undefined, () => undefined],
    ['workers: 2\n', ['workers.machines.1.name=b'], [{}, { name: 'b' }], (lab) => lab.workers.machines],
    ['workers: 2\n', ['workers.machines.0.address=.30'], [{ address: '.30' }], (lab) => lab.workers.machines],
    ['networking:\n', ['networking.mtu=1400'], 1400, (lab) => lab.networking.mtu],
    ['', ['workers=2'], 2, (lab) => lab.workers.count],
    ['workers: 2\n', ['description=a = b'], 'a = b', (lab) => lab.description],
    ['workers: 2\n', ['workers=1', 'workers=4'], 4, (lab) => lab.workers.count],
  ])('%j with %j', (text, set, expected, pick) => {
    if (expected === undefined) {
      expect(errorsOf(text, set).map(({ code }) => code)).toEqual(['LAB_NAME']);
      return;
    }
    expect(pick(parse(text, set).lab)).toEqual(expected);
  });

  test.each([
    ['workers.memory', 'LAB_SETTING', 1, 'workers.memory', 'path=value'],
    ['=3', 'LAB_SETTING', 1, '=', 'path=value'],
    ['workers..memory=2', 'LAB_SETTING', 9, '.', 'path=value'],
    ['name.first=x', 'LAB_SETTING', 6, 'first', '--set name=value'],
    ['workers.machines.x.name=a', 'LAB_SETTING', 18, 'x', '--set workers.machines.0.name=node1'],
    ['workers.machines.999.name=a', 'LAB_SETTING', 18, '999', '--set workers.machines.0.name=node1'],
    ['workers.memory=lots', 'LAB_SIZE', 16, 'lots', '2GiB'],
    ['workers.memroy=2GiB', 'LAB_UNKNOWN_KEY', 9, 'memroy', 'Did you mean `memory`?'],
    ['podSubnet=10.1.0.0/16', 'LAB_WRONG_PLACE', 1, 'podSubnet', 'networking:'],
    ['networking.podSubnet=10.1.2.0/16', 'LAB_HOST_BITS', 22, '10.1.2.0/16', '10.1.0.0/16'],
    ['__proto__.x=1', 'LAB_UNKNOWN_KEY', 1, '__proto__', 'Delete it'],
    ['constructor.prototype.x=1', 'LAB_UNKNOWN_KEY', 1, 'constructor', 'Known here'],
  ])('%s is refused, and the place is the setting', (setting, code, column, under, fix) => {
    const errors = errorsOf('name: x\nworkers: {count: 1, machines: []}\n', [setting]);
    const error = errors.find((one) => one.code === code);
    expect(error?.where).toMatchObject({ file: '--set', line: 1, column, text: setting });
    expect(error && marked(error)).toBe(under);
    expect(error?.fix.join('\n')).toContain(fix);
  });

  test('wrong settings are reported together with the file’s own mistakes', () => {
    const errors = errorsOf('name: Bad\nworkers: 2\n', ['x', 'workers.cpus=0']);
    expect(errors.map(({ code, where }) => [code, where?.file])).toEqual([
      ['LAB_SETTING', '--set'],
      ['LAB_NAME', 'lab.yaml'],
      ['LAB_RANGE', '--set'],
    ]);
  });

  test('later stages are pointed at the setting, too', () => {
    const { positions } = parse('workers: 2\n', ['networking.hostOnlySubnet=192.168.57.0/24']).source;
    expect(positions['networking.hostOnlySubnet']).toEqual({
      file: '--set',
      line: 1,
      column: 27,
      length: 15,
      text: 'networking.hostOnlySubnet=192.168.57.0/24',
    });
    expect(positions.workers).toEqual({ line: 1, column: 10, length: 1 });
  });
});

describe('the lab.yaml that is written', () => {
  const text = [
    '# yaml-language-server: $schema=x',
    '# my lab',
    'name: x # its name',
    '',
    '# how many',
    'workers: 2 # two',
    'networking:',
    '  # pods',
    '  podSubnet: 10.1.0.0/16',
  ].join('\n');

  test('is the same text without settings', () => {
    expect(applySettings(text, [])).toBe(text);
  });

  test('keeps comments and order, and is quoted where YAML needs it', () => {
    const set = ['workers.memory=2GiB', 'kubernetes.version=1.30', 'networking.podSubnet=10.2.0.0/16'];
    expect(applySettings(text, set)).toBe(
      [
        '# yaml-language-server: $schema=x',
        '# my lab',
        'name: x # its name',
        '',
        '# how many',
        'workers:',
        '  count: 2 # two',
        '  memory: 2GiB',
        'networking:',
        '  # pods',
        '  podSubnet: 10.2.0.0/16',
        'kubernetes:',
        '  version: "1.30"',
        '',
      ].join('\n'),
    );
  });

  test('means the same as the text with the settings', () => {
    const set = [
      'workers.machines.0.address=.30',
      'cni.encapsulation=vxlan',
      'workers=3',
      'kubernetes.version=1.36',
    ];
    expect(parse(applySettings(text, set)).lab).toEqual(parse(text, set).lab);
  });

  test('is refused for settings that cannot be applied', () => {
    expect(() => applySettings(text, ['nothing'])).toThrow(/no `=`/);
  });
});
