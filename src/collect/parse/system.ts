import type { SystemFacts } from '../snapshot.js';
import { integerAt, listAt, textAt, textsAt } from './json.js';
import { firstLine, jsonOf, linesOf, type Section } from './sections.js';

type Sections = ReadonlyMap<string, Section>;

/** Facts of the machine itself from the observations of `collect/system.sh`. Never throws. */
export function parseSystem(sections: Sections): SystemFacts {
  const addresses = linesOf(sections, 'own-addresses', 100);
  const seconds = secondsIn(firstLine(sections, 'clock'));
  return {
    hostname: firstLine(sections, 'hostname'),
    hostnameResolvesTo: addresses && [...new Set(addresses)],
    os: prettyName(linesOf(sections, 'os-release', 100)),
    kernel: firstLine(sections, 'kernel'),
    interfaces: parseInterfaces(jsonOf(sections, 'interfaces')),
    routes: parseRoutes(jsonOf(sections, 'routes')),
    swap: swapAreas(linesOf(sections, 'swap', 100)),
    fstabSwap: sections.get('fstab-swap')?.status === 0 ? linesOf(sections, 'fstab-swap', 100) : null,
    modules: moduleStates(linesOf(sections, 'modules', 1000)),
    sysctls: sysctls(linesOf(sections, 'sysctls', 1000)),
    failedUnits: failedUnits(sections),
    clock: seconds === null ? null : { epochSeconds: seconds },
    ...(sections.has('booted') && { bootedAt: secondsIn(firstLine(sections, 'booted')) }),
    ...ownNotes(linesOf(sections, 'own-notes', 10)),
  };
}

function secondsIn(line: string | null): number | null {
  const seconds = Number(line ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : null;
}

function ownNotes(lines: string[] | null): Pick<SystemFacts, 'notes'> {
  if (lines === null) return {};
  const reset = lines.find((line) => line.startsWith('reset '))?.slice('reset '.length);
  return { notes: { provisioned: lines.includes('provisioned'), resetAt: reset ?? null } };
}

function prettyName(lines: string[] | null): string | null {
  const line = lines?.find((text) => text.startsWith('PRETTY_NAME='));
  return line === undefined ? null : line.slice('PRETTY_NAME='.length).replace(/^["']|["']$/g, '');
}

function parseInterfaces(json: unknown): SystemFacts['interfaces'] {
  if (!Array.isArray(json)) return null;
  return listAt(json, [], 5000).flatMap((link) => {
    const name = textAt(link, 'ifname');
    if (name === null) return [];
    return {
      name,
      mac: textAt(link, 'address') ?? '',
      mtu: integerAt(link, 'mtu') ?? 0,
      up: textsAt(link, ['flags']).includes('UP'),
      addresses: listAt(link, ['addr_info'], 100).flatMap((info) => {
        const address = textAt(info, 'local');
        return address === null ? [] : [`${address}/${integerAt(info, 'prefixlen') ?? 32}`];
      }),
    };
  });
}

function parseRoutes(json: unknown): SystemFacts['routes'] {
  if (!Array.isArray(json)) return null;
  return listAt(json, [], 5000).flatMap((route) => {
    const destination = textAt(route, 'dst');
    if (destination === null) return [];
    return { destination, via: textAt(route, 'gateway'), device: textAt(route, 'dev') ?? '' };
  });
}

/** /proc/swaps: a heading, then one line an area, the file or device first. */
function swapAreas(lines: string[] | null): string[] | null {
  if (!lines?.[0]?.startsWith('Filename')) return null;
  return lines.slice(1).map((line) => line.split(/\s+/, 2).join(' '));
}

function moduleStates(lines: string[] | null): Record<string, boolean> | null {
  if (!lines) return null;
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [name, state] = line.split(' ');
      return name === undefined || state === undefined ? [] : [[name, state !== 'missing']];
    }),
  );
}

function sysctls(lines: string[] | null): Record<string, string | null> | null {
  if (!lines) return null;
  return Object.fromEntries(
    lines.map((line) => {
      const [key = '', ...words] = line.split(/\s+/);
      return [key, words.length === 0 ? null : words.join(' ')];
    }),
  );
}

function failedUnits(sections: Sections): string[] | null {
  if (sections.get('failed-units')?.status !== 0) return null;
  return linesOf(sections, 'failed-units', 500)?.map((line) => line.split(' ', 1)[0] ?? '') ?? null;
}
