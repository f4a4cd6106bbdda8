import { describe, expect, test } from '@jest/globals';
import { parseCluster } from '../../../src/collect/parse/cluster.js';
import { parsePod } from '../../../src/collect/parse/pod.js';
import type { Section } from '../../../src/collect/parse/sections.js';
import { parseRuntime } from '../../../src/collect/parse/services.js';
import { parseSystem } from '../../../src/collect/parse/system.js';
import type { ClusterSnapshot, RuntimeFacts } from '../../../src/collect/snapshot.js';

const sections = (outputs: Record<string, string | [number, string]>): Map<string, Section> =>
  new Map(
    Object.entries(outputs).map(([name, said]) => {
      const [status, output] = typeof said === 'string' ? [0, said] : said;
      return [name, { status, output, errors: '' }];
    }),
  );

describe('containers that were started again', () => {
  const terminated = {
    startedAt: '2026-11-21T10:00:00Z',
    finishedAt: '2026-11-21T10:01:30Z',
    reason: 'Error',
    exitCode: 137,
  };
  const pod = (...containerStatuses: unknown[]): unknown => ({
    metadata: { namespace: 'shop', name: 'basket' },
    status: { containerStatuses },
  });

  test('with their last life, and since when they run', () => {
    const running = { running: { startedAt: '2026-11-21T10:01:31Z' } };
    const waiting = { waiting: { reason: 'CrashLoopBackOff' } };
    const lastState = { terminated };
    const [seen] = parsePod(
      pod(
        { name: 'web', restartCount: 6, lastState, state: running },
        { name: 'sidecar', restartCount: 2, lastState, state: waiting },
        { name: 'calm', restartCount: 0, lastState: {}, state: running },
      ),
    );
    const last = {
      from: '2026-11-21T10:00:00Z',
      to: '2026-11-21T10:01:30Z',
      why: 'Error (exit status 137)',
    };
    expect(seen?.restarted).toEqual([
      { container: 'web', restarts: 6, last, runsSince: '2026-11-21T10:01:31Z' },
      { container: 'sidecar', restarts: 2, last, runsSince: null },
    ]);
  });

  test('not an init container that has done its work: it is not started again', () => {
    const init = (exitCode: number): unknown => ({
      metadata: { namespace: 'shop', name: 'basket' },
      status: {
        initContainerStatuses: [
          {
            name: 'prepare',
            restartCount: 6,
            lastState: { terminated },
            state: { terminated: { exitCode } },
          },
        ],
      },
    });
    expect(parsePod(init(0))[0]).not.toHaveProperty('restarted');
    expect(parsePod(init(1))[0]?.restarted).toHaveLength(1);
  });

  test('without a known last life nothing can be said', () => {
    expect(parsePod(pod({ name: 'web', restartCount: 6, state: {} }))[0]).not.toHaveProperty('restarted');
  });
});

describe('when a machine booted', () => {
  test('in seconds since 1970; null when it does not say', () => {
    expect(parseSystem(sections({ booted: '1795291200\n' })).bootedAt).toBe(1_795_291_200);
    expect(parseSystem(sections({ booted: '' })).bootedAt).toBeNull();
    expect(parseSystem(sections({}))).not.toHaveProperty('bootedAt');
  });
});

describe('the image that holds pods’ networks', () => {
  const sandbox = (said: string | [number, string]): RuntimeFacts['sandboxImage'] =>
    parseRuntime(sections({ 'runtime-sandbox': said }), 'containerd').sandboxImage;

  test('its name, and whether it is there', () => {
    const name = 'registry.k8s.io/pause:3.10.2';
    expect(sandbox(`${name} present\n`)).toEqual({ name, present: true });
    expect(sandbox(`${name} missing\n`)).toEqual({ name, present: false });
  });

  test('nothing is known when the runtime does not say', () => {
    expect(sandbox('registry.k8s.io/pause:3.10.2 \n')).toBeNull();
    expect(sandbox([3, ''])).toBeNull();
    expect(sandbox([124, 'registry.k8s.io/pause:3.10.2 present'])).toBeNull();
  });
});

describe('kubelets, as the API server reaches them', () => {
  const kubelets = (said: string | [number, string]): ClusterSnapshot['kubelets'] =>
    parseCluster(sections({ 'cluster-objects': '{"items":[]}', 'cluster-kubelets': said }), 'cp1')?.kubelets;

  test('an answer, or why there is none', () => {
    const refused = 'Error from server: dial tcp 10.0.2.15:10250: connect: connection refused';
    expect(kubelets(`cp1\t0\tok \nworker1\t1\t${refused} \nnonsense\n`)).toEqual([
      { node: 'cp1', ok: true, said: 'ok' },
      { node: 'worker1', ok: false, said: refused },
    ]);
  });

  test('nobody was asked in time', () => {
    expect(kubelets([124, ''])).toBeNull();
  });
});
