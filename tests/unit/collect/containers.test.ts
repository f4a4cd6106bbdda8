import { describe, expect, test } from '@jest/globals';
import { parsePod } from '../../../src/collect/parse/pod.js';
import { parseRuntime } from '../../../src/collect/parse/services.js';

const id = (digit: string): string => digit.repeat(64);
const short = (digit: string): string => digit.repeat(13);

describe('containers by the beginning of their id', () => {
  test('those that run as far as the API knows, of whatever runtime', () => {
    const [pod] = parsePod({
      metadata: { namespace: 'default', name: 'web' },
      status: {
        initContainerStatuses: [{ containerID: `containerd://${id('1')}`, state: { terminated: {} } }],
        containerStatuses: [
          { containerID: `cri-o://${id('2')}`, state: { running: { startedAt: '2026-11-21T10:00:00Z' } } },
          { containerID: `containerd://${id('3')}`, state: { waiting: { reason: 'CrashLoopBackOff' } } },
          { containerID: 'containerd://$(reboot)', state: { running: {} } },
        ],
      },
    });
    expect(pod?.running).toEqual([short('2')]);
  });

  test('those that run as the runtime says; nothing is known when it did not answer', () => {
    const said = (output: string, status = 0): string[] | null | undefined =>
      parseRuntime(new Map([['runtime-containers', { status, output, errors: '' }]]), 'containerd')
        .containers;
    expect(said(`${id('a')}\n${id('b')}\n`)).toEqual([short('a'), short('b')]);
    expect(said('')).toEqual([]);
    expect(said('level=fatal msg="connect: no such file"', 1)).toBeNull();
    expect(said('', 127)).toBeNull();
  });
});
