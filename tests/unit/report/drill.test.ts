import { describe, expect, test } from '@jest/globals';
import { drillText, longestOf, outagesOf, workloadsOf, type Drill } from '../../../src/report/drill.js';
import { snapshotOf } from '../checks/fixtures.js';

const request = (from: number, to: number, ok: boolean): { from: number; to: number; ok: boolean } => ({
  from,
  to,
  ok,
});

describe('times without an answer', () => {
  test('there are none when every request was answered', () => {
    expect(outagesOf([request(0, 10, true), request(100, 120, true)])).toEqual([]);
    expect(longestOf([])).toBe(0);
  });

  test('one lasts from the first request that failed to the first later one that was answered', () => {
    const requests = [
      request(0, 10, true),
      request(100, 2100, false),
      request(200, 2200, false),
      request(300, 1850, true),
      request(400, 1900, true),
    ];
    expect(outagesOf(requests)).toEqual([{ from: 0.1, to: 1.85 }]);
    expect(longestOf(outagesOf(requests))).toBe(1.75);
  });

  test('a request from before the fall that is answered late ends nothing', () => {
    const requests = [request(0, 500, true), request(100, 2100, false), request(2200, 2300, true)];
    expect(outagesOf(requests)).toEqual([{ from: 0.1, to: 2.3 }]);
  });

  test('the address that flaps gives several, and the longest counts', () => {
    const requests = [
      request(0, 100, false),
      request(100, 150, true),
      request(200, 210, true),
      request(300, 900, false),
      request(400, 1000, true),
    ];
    expect(outagesOf(requests)).toEqual([
      { from: 0, to: 0.15 },
      { from: 0.3, to: 1 },
    ]);
    expect(longestOf(outagesOf(requests))).toBe(0.7);
  });

  test('one that has not ended has no length', () => {
    expect(longestOf(outagesOf([request(0, 10, true), request(100, 2100, false)]))).toBeNull();
  });
});

describe('workloads', () => {
  const { snapshot } = snapshotOf('3cp-2w-2lb-lxc');
  const changed = (change: (pod: { ready: boolean; restarts: number }) => void): typeof snapshot => {
    const copy = structuredClone(snapshot);
    const pod = copy.cluster?.pods?.find(({ name }) => name.startsWith('coredns-'));
    if (pod) change(pod);
    return copy;
  };

  test('all run on when nothing changed, static pods of the control plane not counted', () => {
    const { watched, disturbed } = workloadsOf(snapshot, snapshot, 'lb1');
    expect(disturbed).toEqual([]);
    const pods = snapshot.cluster?.pods ?? [];
    expect(watched).toBe(pods.filter(({ owner }) => !owner.startsWith('Pod/')).length);
    expect(watched).toBeGreaterThan(8);
  });

  test('those on the machine that fell do not count', () => {
    expect(workloadsOf(snapshot, snapshot, 'worker1').watched).toBeLessThan(
      workloadsOf(snapshot, snapshot, 'lb1').watched,
    );
  });

  test.each([
    [(pod: { restarts: number }) => (pod.restarts += 1), 'was restarted'],
    [(pod: { ready: boolean }) => (pod.ready = false), 'is not ready'],
  ])('one that did not run on is named', (change, words) => {
    const { disturbed } = workloadsOf(snapshot, changed(change), 'lb1');
    expect(disturbed).toHaveLength(1);
    expect(disturbed[0]).toContain(words);
  });

  test('one that is gone is named', () => {
    const empty = structuredClone(snapshot);
    if (empty.cluster) empty.cluster.pods = [];
    const { watched, disturbed } = workloadsOf(snapshot, empty, 'lb1');
    expect(disturbed).toHaveLength(watched);
  });
});

describe('the text', () => {
  const drill: Drill = {
    schema: 1,
    lab: 'ha',
    endpoint: '192.168.56.99:6443',
    tookDown: 'lb1',
    movedTo: 'lb2',
    requests: { count: 240, failed: 33, intervalMs: 100 },
    outages: [{ from: 4.2, to: 7.8 }],
    secondsUntilAnswered: 3.6,
    workloads: { watched: 14, disturbed: [] },
    secondsUntilUp: 6.9,
    secondsUntilWhole: 25,
    passed: true,
    report: { schema: 1, lab: 'ha', takenAt: '2026-01-01T00:00:00Z', sound: true, results: [], matrices: [] },
  };

  test('says who fell, who took over and how long it took', () => {
    const text = drillText(drill);
    for (const words of ['lb1', 'lb2', '3.6 s', '14 pods', '240, one every 100 ms; 33 failed'])
      expect(text).toContain(words);
    expect(text.split('\n').at(-1)).toBe(
      '✓ ha survives the loss of lb1: the API answered again after 3.6 s.',
    );
  });

  test.each<[Partial<Drill>, string]>([
    [{ secondsUntilAnswered: null }, 'the API did not answer again'],
    [{ movedTo: null }, 'moved to no machine'],
    [
      { workloads: { watched: 2, disturbed: ['default/web on worker1 was restarted'] } },
      'its workloads do not',
    ],
    [{ report: { ...drill.report, sound: false }, secondsUntilWhole: null }, 'lb1 is back, but'],
  ])('a drill that failed says why', (change, words) => {
    const last = drillText({ ...drill, ...change, passed: false })
      .split('\n')
      .at(-1);
    expect(last).toMatch(/^✗/);
    expect(last).toContain(words);
  });
});
