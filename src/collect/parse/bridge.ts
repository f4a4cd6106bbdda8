import type { BridgeFacts, SystemFacts } from '../snapshot.js';
import { linesOf, type Section } from './sections.js';

const address = /^\d{1,3}(\.\d{1,3}){3}$/;

/**
 * Facts of the bridge CNI from the observations of `collect/bridge.sh`; the bridge itself is one of the
 * interfaces already read. Never throws.
 */
export function parseBridge(
  sections: ReadonlyMap<string, Section>,
  name: string,
  interfaces: SystemFacts['interfaces'],
): BridgeFacts {
  const bridge = interfaces?.find((link) => link.name === name);
  const pings = linesOf(sections, 'bridge-pings', 5000);
  return {
    name,
    exists: interfaces && bridge !== undefined,
    addresses: bridge?.addresses ?? null,
    mtu: bridge?.mtu ?? null,
    leases:
      linesOf(sections, 'bridge-leases', 5000)
        ?.filter((line) => address.test(line))
        .sort() ?? null,
    pings: pings && parsePings(pings),
  };
}

/** Pings as `collect/ping.sh` tells of them, one a line; those that could not be tried are left out. */
export const parsePings = (lines: readonly string[]): NonNullable<BridgeFacts['pings']> =>
  lines.flatMap((line) => parsePing(line));

function parsePing(line: string): NonNullable<BridgeFacts['pings']> {
  const match = /^(\S+) (\S+) (\S+) (\d{1,6}) (\d{1,3})(.*)$/.exec(line);
  const [, from, to, machine, bytes, status, detail = ''] = match ?? [];
  if (from === undefined || to === undefined || machine === undefined) return [];
  // Without ping nothing was tried.
  if (status === '127' || status === '126') return [];
  return [
    {
      from,
      to,
      machine,
      bytes: Number(bytes),
      ok: status === '0',
      detail: detail.replace(/[; ]+$/, '').trimStart(),
    },
  ];
}
