import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Place } from './support/place.js';

const place = new Place();
afterAll(() => {
  place.remove();
});

const snapshots = path.resolve(import.meta.dirname, '../fixtures/snapshots');
const sound = path.join(snapshots, '1cp-2w.json');
const broken = path.join(snapshots, 'broken', 'calico-first-found.json');

describe('verify --from', () => {
  test('one snapshot: the same verdict as on its own computer, and as a page and as JUnit', async () => {
    const { stdout } = await place.expect(
      1,
      'verify',
      '--from',
      broken,
      '--html',
      'r.html',
      '--junit',
      'r.xml',
    );
    expect(stdout).toContain('Begin with K8S_CALICO_ADDRESS_NAT on worker2');
    expect(readFileSync(place.path('r.html'), 'utf8')).toContain(
      'Begin with K8S_CALICO_ADDRESS_NAT on worker2',
    );
    expect(readFileSync(place.path('r.xml'), 'utf8')).toContain('<failure type="K8S_CALICO_ADDRESS_NAT"');
  });

  test('a class: a line each, also for a file that is no snapshot', async () => {
    writeFileSync(place.path('letter.json'), '{"dear": "teacher"}');
    const files = [sound, broken, 'letter.json'];
    const { stdout } = await place.expect(1, 'verify', '--from', ...files);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toMatch(/1cp-2w\.json +1cp-2w .* sound$/);
    expect(lines[2]).toMatch(/not sound +K8S_CALICO_ADDRESS_NAT on worker2$/);
    expect(lines[3]).toMatch(/^letter\.json .*unreadable +letter\.json holds no snapshot/);
    expect(lines[4]).toBe('1 of 3 labs are sound.');
    const judged = (await place.json(1, 'verify', '--from', ...files)) as { file: string; sound?: boolean }[];
    expect(judged.map((one) => one.sound)).toEqual([true, false, undefined]);
  });

  test('a class has no page of one lab', async () => {
    const { stderr } = await place.expect(2, 'verify', '--from', sound, broken, '--html', 'r.html');
    expect(stderr).toContain('are for one lab');
  });
});

describe('verify --drill', () => {
  test.each(['1cp-1w', '2cp-1w-1lb'])(
    'a lab without a virtual address has nothing that could move: %s',
    async (lab) => {
      await place.expect(0, 'create', lab, '--no-up');
      const { stderr } = await place.expect(2, 'verify', '--drill', '--yes', '--dir', lab);
      expect(stderr).toContain(`${lab} has no virtual address`);
      expect(stderr).toContain('LAB_DRILL_NO_ADDRESS');
    },
  );

  test('a lab without machines is not asked for the one to take down', async () => {
    await place.expect(0, 'create', '3cp-2w', '--no-up');
    const { stderr } = await place.expect(3, 'verify', '--drill', '--yes', '--dir', '3cp-2w');
    expect(stderr).toContain('VAGRANT_NOT_RUNNING');
  });

  test('looks at machines several times, so it goes with no single snapshot', async () => {
    const { stderr } = await place.expect(2, 'verify', '--drill', '--from', sound);
    expect(stderr).toContain('has no --from');
  });
});

describe('verify --watch', () => {
  test('looks at machines, not at a file', async () => {
    const { stderr } = await place.expect(2, 'verify', '--watch', '--from', sound);
    expect(stderr).toContain('has no --from');
  });

  test('a lab without machines is nothing to watch', async () => {
    await place.expect(0, 'create', '1cp-1w', '--no-up', '--dir', 'watched');
    const { stderr } = await place.expect(3, 'verify', '--watch', '--dir', 'watched');
    expect(stderr).toContain('VAGRANT_NOT_RUNNING');
  });
});
