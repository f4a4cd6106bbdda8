import { describe, expect, test } from '@jest/globals';
import { K8slabError } from '../../../src/errors/error.js';
import { resolveLabName, shorthandText } from '../../../src/lab/shorthand.js';
import { testAssets } from './assets.js';
import { parse } from './expectLab.js';

const assets = testAssets();

function refused(argument: string): K8slabError {
  try {
    resolveLabName(argument, assets);
  } catch (error) {
    if (error instanceof K8slabError) return error;
    throw error;
  }
  throw new Error(`accepted: ${argument}`);
}

describe('a shorthand', () => {
  test.each([
    ['1cp-0w', [1, 0, 0]],
    ['1cp-2w', [1, 2, 0]],
    ['3cp-2w', [3, 2, 0]],
    ['3cp-2w-1lb', [3, 2, 1]],
    ['1cp-88w', [1, 88, 0]],
  ])('%s is the text of a lab of its name', (shorthand, [controlPlanes, workers, loadBalancers]) => {
    const text = shorthandText(shorthand);
    const { lab, warnings } = parse(text);
    expect(text.split('\n')[0]).toMatch(/^# yaml-language-server: \$schema=\S+$/);
    expect(lab.name).toBe(shorthand);
    expect(lab.description).not.toBe('');
    expect([lab.controlPlanes.count, lab.workers.count, lab.loadBalancers.count]).toEqual([
      controlPlanes,
      workers,
      loadBalancers,
    ]);
    expect(warnings.map(({ code }) => code).filter((code) => code !== 'LAB_MEMORY_TOTAL')).toEqual([]);
  });

  test.each([
    ['0cp-2w', 'no control plane'],
    ['11cp-2w', 'more than 10 control planes'],
    ['1cp-89w', 'more than 89 machines'],
    ['1cp-2w-11lb', 'more than 10 load balancers'],
    ['1cp-99999999999999999999w', 'more than 89 machines'],
  ])('%s is refused: %s', (shorthand, problem) => {
    const error = refused(shorthand);
    expect(error.code).toBe('LAB_SHORTHAND');
    expect(error.message).toContain(problem);
    expect(error.fix.join('\n')).toContain('1cp-2w');
  });
});

describe('what <lab> stands for', () => {
  test('a preset goes before a shorthand', () => {
    expect(resolveLabName('1cp-2w', assets)).toEqual({ kind: 'preset', ...assets.presets['1cp-2w'] });
    expect(resolveLabName('2cp-2w', assets)).toMatchObject({ kind: 'shorthand', name: '2cp-2w' });
  });

  test.each(['./x', 'a/b', 'lab.yaml', 'x.YML', '..', '/abs', 'C:\\labs\\x', '~/x'])(
    '%s is a path',
    (path) => {
      expect(resolveLabName(path, assets)).toEqual({ kind: 'path', path });
    },
  );

  test.each([
    ['calico2n', 'calico-2n'],
    ['calcio-2n', 'calico-2n'],
    ['CNI-2N', 'cni-2n'],
    ['3cp2w', '3cp-2w'],
    ['3cp-2w1lb', '3cp-2w-1lb'],
    ['2w-3cp', '3cp-2w'],
  ])('%s: did you mean %s', (written, meant) => {
    const error = refused(written);
    expect(error.code).toBe('LAB_UNKNOWN_NAME');
    expect(error.fix[0]).toBe(`Did you mean \`${meant}\`?`);
  });

  test.each(['__proto__', 'constructor', 'toString', 'nothing-like-it', '$(id)'])(
    '%s is unknown, and what there is is listed',
    (name) => {
      const error = refused(name);
      expect(error.code).toBe('LAB_UNKNOWN_NAME');
      expect(error.fix.join('\n')).toContain('Presets: 1cp-2w, cni-2n, calico-2n.');
      expect(error.fix.join('\n')).not.toContain('Did you mean');
    },
  );
});
