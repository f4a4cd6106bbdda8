import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadAssets } from '../../../src/assets/load.js';
import type { Assets } from '../../../src/assets/manifests.js';
import type { Check } from '../../../src/checks/check.js';
import { parseSnapshotDocument, type SnapshotDocument } from '../../../src/collect/document.js';
import { loadChecks } from '../../../src/collect/loadChecks.js';
import { K8slabError } from '../../../src/errors/error.js';
import { allFixtures, snapshotOf, type Fixture } from './fixtures.js';
import { kindOf, leavesOf, poison } from './poison.js';

/**
 * Whatever stands in a saved file, or on a machine, never becomes part of a command that people are told to copy: it is refused, or
 * left out.
 */
let checks: Check[] = [];
let assets: Assets;
beforeAll(async () => {
  [assets, checks] = await Promise.all([loadAssets(), loadChecks()]);
});

const hostile = '; touch pwned; $(pwned) `pwned` \'"\n| pwned';
const ways: [string, (text: string) => string][] = [
  ['behind', (text) => text + hostile],
  ['before', (text) => hostile + text],
  ['as an option', (text) => `--pwned=${text}`],
];

/** What a person would be told to copy; nothing of a file that is refused. */
function advised(document: SnapshotDocument, check: Check | undefined): string[] {
  try {
    const read = parseSnapshotDocument(JSON.stringify(document), 'x.json', assets);
    return fixesOf(read, check);
  } catch (error) {
    if (error instanceof K8slabError && error.code === 'GUEST_SNAPSHOT_INVALID') return [];
    throw error;
  }
}

function fixesOf({ cluster, snapshot }: SnapshotDocument, check: Check | undefined): string[] {
  const answer = check?.evaluate(cluster, snapshot) ?? [];
  const findings = Array.isArray(answer) ? answer : 'findings' in answer ? (answer.findings ?? []) : [];
  return findings.flatMap(({ fix = [] }) => fix);
}

/** Whether the text is in a command before the file has been read as one, which is quicker to find out; or may be. */
function mayReach(document: SnapshotDocument, check: Check | undefined): boolean {
  try {
    return fixesOf(document, check).some((line) => line.includes('pwned'));
  } catch {
    return true;
  }
}

/** The kinds of places whose text reaches a command of the fixture's check. */
function reaching(fixture: Fixture): string[] {
  const document = structuredClone(snapshotOf(fixture.base, fixture.changes));
  const check = checks.find(({ id }) => id === fixture.check);
  const leaves = new Map<string, (string | number)[][]>();
  for (const leaf of leavesOf(document)) {
    const kind = kindOf(leaf);
    leaves.set(kind, [...(leaves.get(kind) ?? []), leaf]);
  }
  return [...leaves].flatMap(([kind, places]) =>
    ways.flatMap(([way, change]) => {
      const undo = poison(document, places, change);
      try {
        if (!mayReach(document, check)) return [];
        const said = advised(document, check).filter((line) => line.includes('pwned'));
        return said.map((line) => `${kind}, ${way}: ${line}`);
      } finally {
        undo();
      }
    }),
  );
}

describe('no text of a file or a machine reaches a command', () => {
  const failing = allFixtures().filter(({ expect: expected }) => expected.length > 0);

  test.each(failing.map((fixture): [string, Fixture] => [`${fixture.check}/${fixture.file}`, fixture]))(
    '%s',
    (_, fixture) => {
      expect(reaching(fixture)).toEqual([]);
    },
  );
});

test('nor does a key, such as the name of a kernel module', () => {
  const { cluster, snapshot } = snapshotOf('1cp-2w', [
    { path: '/cluster/provider', value: 'virtualbox' },
    { path: '/snapshot/machines/worker1/system/modules', value: { [`overlay${hostile}`]: false } },
  ]);
  const said = fixesOf(
    { schema: 1, cluster, snapshot },
    checks.find(({ id }) => id === 'modules'),
  );
  expect(said).toContain('k8slab ssh worker1 -- sudo modprobe <module>');
  expect(said.join('\n')).not.toContain('pwned');
});

test('what is plain stays as it is: units, taints, rules with comments', () => {
  const rule =
    '-A INPUT ! -s 10.0.0.0/8 -p tcp -m multiport --dports 179,6443 -m comment --comment "keep out" -j REJECT';
  const { cluster, snapshot } = snapshotOf('conditions-1cp-2w', [
    { path: '/snapshot/machines/worker1/condition/firewallRules', value: [rule] },
    { path: '/snapshot/machines/worker1/system/failedUnits', value: ['user@1000.service', 'a\\x2db.mount'] },
  ]);
  const said = ['firewall', 'failed-units'].flatMap((one) =>
    fixesOf(
      { schema: 1, cluster, snapshot },
      checks.find(({ id }) => id === one),
    ),
  );
  expect(said).toContain(`k8slab ssh worker1 -- sudo iptables ${rule.replace('-A', '-D')}`);
  expect(said).toContain('k8slab ssh worker1 -- sudo systemctl reset-failed user@1000.service <unit>');
});
