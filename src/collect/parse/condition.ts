import type { ConditionFacts } from '../nodeFacts.js';
import { firstLine, linesOf, type Section } from './sections.js';

type Sections = ReadonlyMap<string, Section>;

/** Facts of a machine's condition from the observations of `collect/condition.sh`. Never throws. */
export function parseCondition(sections: Sections): ConditionFacts {
  const room = linesOf(sections, 'room', 10);
  const root = firstLine(sections, 'root-mount');
  return {
    identity: parseIdentity(linesOf(sections, 'identity', 10)),
    sharedRoot: root === 'shared' ? true : root === 'private' ? false : null,
    ...parseRoom(room ?? []),
    firewallRules: linesOf(sections, 'firewall', 200),
    firewallUnits: linesOf(sections, 'firewall-units', 10),
    packageLocks: parseLocks(linesOf(sections, 'package-lock', 20)),
    nameServers: linesOf(sections, 'name-servers', 20),
    outsideNames: linesOf(sections, 'outside-names', 20)?.map((line) => line.split(' ', 1)[0] ?? '') ?? null,
  };
}

function parseIdentity(lines: string[] | null): ConditionFacts['identity'] {
  if (!lines) return null;
  const sum = (name: string): string | null =>
    lines.map((line) => line.split(' ')).find(([what]) => what === name)?.[1] ?? null;
  return { machineId: sum('machine-id'), productUuid: sum('product_uuid') };
}

function parseRoom(lines: string[]): Pick<ConditionFacts, 'disk' | 'memory'> {
  const numbers = (what: string, count: number): number[] | undefined => {
    const line = lines.find((one) => one.startsWith(`${what} `));
    const found = line?.split(' ').slice(1).map(Number) ?? [];
    return found.length === count && found.every(Number.isSafeInteger) ? found : undefined;
  };
  const [size = 0, free = 0, inodes = 0, freeInodes = 0] = numbers('disk', 4) ?? [];
  const [all = 0, available = 0] = numbers('memory', 2) ?? [];
  return {
    disk: size > 0 ? { size, free, inodes, freeInodes } : null,
    memory: all > 0 ? { size: all, free: available } : null,
  };
}

function parseLocks(lines: string[] | null): ConditionFacts['packageLocks'] {
  if (!lines) return null;
  return lines.flatMap((line) => {
    const [, file, pid, process] = /^(\/\S+) (\d{1,9}) (.+)$/.exec(line) ?? [];
    if (file === undefined || process === undefined) return [];
    return [{ file, process, pid: Number(pid) }];
  });
}
