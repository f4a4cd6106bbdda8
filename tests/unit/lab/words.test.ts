import { describe, expect, test } from '@jest/globals';
import { formatMiB, parseGiB, parseMiB } from '../../../src/lab/size.js';
import { closest, editDistance } from '../../../src/lab/suggest.js';
import {
  isNewerThanKnown,
  kubernetesVersions,
  minorOf,
  resolveKubernetesVersion,
  supportedMinors,
} from '../../../src/lab/versions.js';

describe('words that were meant', () => {
  test.each([
    ['', '', 0],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['memroy', 'memory', 1],
    ['ca', 'abc', 3],
  ])('%s is %s after %d edits', (one, other, distance) => {
    expect(editDistance(one, other)).toBe(distance);
    expect(editDistance(other, one)).toBe(distance);
  });

  test.each([
    ['caliko', ['calico', 'flannel'], 'calico'],
    ['CALICO', ['calico', 'flannel'], 'calico'],
    ['control-planes', ['controlPlanes', 'workers'], 'controlPlanes'],
    ['worker', ['controlPlanes', 'workers'], 'workers'],
    ['xyz', ['calico', 'flannel'], undefined],
    ['', ['calico'], undefined],
    ['apt', ['dnf'], undefined],
    ['a'.repeat(100), ['a'.repeat(99)], undefined],
  ])('%s', (word, possible, meant) => {
    expect(closest(word, possible)).toBe(meant);
  });
});

describe('sizes', () => {
  test.each([
    [2048, 2048],
    ['2048', 2048],
    ['2GiB', 2048],
    ['2G', 2048],
    ['2gb', 2048],
    ['2 Gi', 2048],
    ['1536MiB', 1536],
    ['1.5GiB', 1536],
    ['1T', 1_048_576],
    ['0.3MiB', undefined],
    ['2KiB', undefined],
    ['GiB', undefined],
    ['-2GiB', undefined],
    ['2GiB; reboot', undefined],
    [1.5, undefined],
  ])('%s is %s MiB', (text, size) => {
    expect(parseMiB(text, 'm')).toBe(size);
  });

  test('of disks are in GiB', () => {
    expect([parseGiB(20), parseGiB('40GiB'), parseGiB('1TiB'), parseGiB('1536MiB')]).toEqual([
      20,
      40,
      1024,
      undefined,
    ]);
    expect([formatMiB(2048), formatMiB(1536)]).toEqual(['2 GiB', '1536 MiB']);
  });
});

describe('Kubernetes versions', () => {
  test('are listed newest first, each patch of its minor', () => {
    expect(supportedMinors).toEqual(['1.37', '1.36', '1.35']);
    for (const { minor, latest } of kubernetesVersions) expect(minorOf(latest)).toBe(minor);
  });

  test.each([
    ['default', kubernetesVersions[0]?.latest],
    ['1.36', kubernetesVersions[1]?.latest],
    ['1.36.0', '1.36.0'],
    ['1.36.999', '1.36.999'],
    ['1.34', undefined],
    ['1.3', undefined],
    ['1.037', undefined],
    ['1.37.01', undefined],
    ['v1.37', undefined],
    ['1.37.1-rc.0', undefined],
    ['1.37.1\n', undefined],
    ['', undefined],
  ])('%j is %s', (version, full) => {
    expect(resolveKubernetesVersion(version)).toBe(full);
  });

  test('newer patches than the newest known are seen', () => {
    expect(isNewerThanKnown('1.37.99')).toBe(true);
    expect(isNewerThanKnown(kubernetesVersions[0]?.latest ?? '')).toBe(false);
    expect(isNewerThanKnown('1.34.99')).toBe(false);
  });
});
