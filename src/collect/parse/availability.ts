import type { BalancerFacts, EtcdFacts } from '../snapshot.js';
import { clean, linesOf, type Section } from './sections.js';

type Sections = ReadonlyMap<string, Section>;

/** Facts of what balances the API, from the observations of `collect/balancer.sh`. Never throws. */
export function parseBalancer(sections: Sections): BalancerFacts {
  return {
    programs: parsePrograms(linesOf(sections, 'balancer-programs', 100)),
    servers: parseServers(linesOf(sections, 'balancer-servers', 1000)),
  };
}

function parsePrograms(lines: string[] | null): BalancerFacts['programs'] {
  if (!lines) return null;
  return lines.flatMap((line) => {
    const [, name, how, state] = /^(\S+) (unit|static-pod|-) (running|stopped)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const kind = how === 'unit' || how === 'static-pod' ? how : null;
    return [{ name, how: kind, running: state === 'running' }];
  });
}

/** Columns of haproxy's statistics, with a heading. Source: haproxy's management guide, "9.1. CSV format". */
function parseServers(lines: string[] | null): BalancerFacts['servers'] {
  const [heading, ...rows] = lines ?? [];
  if (heading === undefined) return null;
  const columns = heading.split(',');
  const at = (row: string[], column: string): string => row[columns.indexOf(column)] ?? '';
  return rows
    .map((row) => row.split(','))
    .filter((row) => !['', 'FRONTEND', 'BACKEND'].includes(at(row, 'svname')))
    .map((row) => ({
      name: at(row, 'svname'),
      address: at(row, 'addr') || null,
      status: at(row, 'status'),
      check: [at(row, 'check_status').replace(/^\* /, ''), at(row, 'last_chk')].filter(Boolean).join(': '),
    }));
}

/** Facts of a control plane's member of etcd, from the observations of `collect/etcd.sh`. Never throws. */
export function parseEtcd(sections: Sections): EtcdFacts {
  const health = sections.get('etcd-health');
  const answered = jsonIn(health) as { health?: unknown; reason?: unknown } | undefined;
  const status = jsonIn(sections.get('etcd-status')) as
    { header?: { member_id?: unknown }; leader?: unknown } | undefined;
  const asked = health !== undefined && ![null, 124, 127].includes(health.status);
  return {
    running: asked ? health.status !== 3 : null,
    healthy: asked ? answered?.health === 'true' || answered?.health === true : null,
    said: health ? said(health) : null,
    member: text(status?.header?.member_id),
    leader: text(status?.leader),
    members: parseMembers(sections.get('etcd-members')),
  };
}

/** What a member says of itself, or why there is no answer. */
function said({ status, output, errors }: Section): string {
  if (status === 3) return 'no process of etcd';
  return clean(output.trim() === '' ? (errors.trim().split('\n').at(-1) ?? '') : output, 300);
}

function parseMembers(section: Section | undefined): EtcdFacts['members'] {
  const answer = jsonIn(section) as { members?: unknown } | undefined;
  if (!Array.isArray(answer?.members)) return null;
  return answer.members.slice(0, 100).map((member: unknown) => {
    const { ID, name, peerURLs, isLearner } = (member ?? {}) as Record<string, unknown>;
    const urls = Array.isArray(peerURLs) ? peerURLs.slice(0, 10) : [];
    return {
      id: text(ID) ?? '',
      name: text(name) ?? '',
      peerUrls: urls.map((url: unknown) => text(url) ?? ''),
      learner: isLearner === true,
    };
  });
}

function jsonIn(section: Section | undefined): object | undefined {
  if (section?.status !== 0) return undefined;
  try {
    const value: unknown = JSON.parse(section.output);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const text = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' ? clean(String(value), 300) : null;
