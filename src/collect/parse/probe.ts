import type { Cluster } from '../../plan/cluster.js';
import { announcement } from '../announcements.js';
import { dnsAnswer } from '../dnsPacket.js';
import { replicas } from '../probeObjects.js';
import { probeTimes } from '../probeScript.js';
import type { KubectlTry, NameAnswer, ProbeFacts, ProbePod, ProbeView } from '../snapshotProbes.js';
import { parsePings } from './bridge.js';
import { at, integerAt, listAt, textAt } from './json.js';
import { parsePod } from './pod.js';
import { clean, firstLine, linesOf, type CollectorOutput } from './sections.js';

/** What the probe of one machine reaches, from the observations of `probe/node.sh`. Never throws. */
export function parseView({ sections, complete }: CollectorOutput, { networking }: Cluster): ProbeView {
  const serviceUrl = `https://${networking.apiServiceAddress}/readyz`;
  const pings = linesOf(sections, 'probe-pings', 5000);
  const service = firstLine(sections, 'probe-service');
  const outside = linesOf(sections, 'probe-outside', 10);
  const names = linesOf(sections, 'probe-names', 100);
  return {
    ...(!complete && { error: 'the answer broke off before its end' }),
    pings: pings && parsePings(pings),
    // An API server that is not ready says so: it was reached.
    service:
      service === null ? null : { url: serviceUrl, ok: / (?!000)\d{3}$/.test(service), answer: service },
    names: names && [...names, ...(outside ?? [])].flatMap((line) => parseName(line)),
    outside: outside?.map((line) => parseWay(line)).find((way) => way !== null) ?? null,
  };
}

/** `NAME SERVER` and the bytes of an answer, or words. */
function parseName(line: string): NameAnswer[] {
  const [, name, server, said = ''] = /^(\S+) (\d+\.\d+\.\d+\.\d+)(.*)$/.exec(line) ?? [];
  if (name === undefined || server === undefined) return [];
  const hex = said.trim();
  const answer = /^[0-9a-f]+$/.test(hex) ? dnsAnswer(Buffer.from(hex, 'hex')) : undefined;
  if (answer) return [{ name, server, ...answer, detail: '' }];
  const words = clean(said, 200).replace(/^.*: /, '');
  return [{ name, server, status: null, addresses: [], detail: words || 'no answer within 2 s, twice' }];
}

/** curl ends with the HTTP status, 000 without an answer; `-`: the machine itself does not get there. */
function parseWay(line: string): ProbeView['outside'] {
  const [, name, said] = /^way (\S+) (.+)$/.exec(line) ?? [];
  if (name === undefined || said === undefined || said.trim() === '-') return null;
  return { name, ok: !/\b000$/.test(said), detail: said.replace(/ *\b000$/, '').trim() };
}

/**
 * The pods, what kubectl did with them, and the workload's Deployment, from what `probe/pods.sh` printed; `image` is the
 * workload's. Never throws.
 */
export function parseObjects(
  stdout: string,
  boundary: string,
  image: string | undefined,
): Pick<ProbeFacts, 'pods' | 'tries' | 'workload'> {
  const lines = stdout.split('\n').flatMap((line) => announcement(line, boundary) ?? []);
  const said = (wanted: string): string[] =>
    lines.filter(({ name }) => name === wanted).map(({ text }) => text);
  const tries = said('tried')
    .slice(0, 10_000)
    .flatMap((line) => parseTry(line));
  const list = json(said('objects').at(-1));
  if (!Array.isArray(at(list, 'items'))) return { pods: null, tries };
  const pods = parsePods(list, json(said('events').at(-1)));
  const probes = pods.filter(({ name }) => name.startsWith('probe-'));
  if (image === undefined) return { pods: probes, tries };
  const [deployment] = listAt(json(said('deployments').at(-1)), ['items'], 10);
  const workload = {
    image,
    desired: replicas,
    available: integerAt(deployment, 'status', 'availableReplicas') ?? 0,
    pods: pods.filter((pod) => !probes.includes(pod)),
  };
  return { pods: probes, tries, workload };
}

/** `MACHINE VERB`, kubectl's exit status, and its words; `timeout` ends with 124, or with 137 when it had to kill. */
function parseTry(line: string): KubectlTry[] {
  const [, machine, verb, status, words = ''] =
    /^([a-z0-9.-]+) (logs|exec) (\d{1,3})(?: (.*))?$/.exec(line) ?? [];
  if (machine === undefined || (verb !== 'logs' && verb !== 'exec')) return [];
  const late = status === '124' || status === '137' ? `no answer within ${probeTimes.try} s` : '';
  const said = [late, clean(words, 300)].filter((part) => part !== '').join(': ');
  return [{ machine, verb, ok: status === '0', said: said || `exit status ${status}` }];
}

/** Where a pod waits without a word, the last event about it is the reason. */
function parsePods(list: unknown, events: unknown): ProbePod[] {
  const said = listAt(events, ['items'], 1000).filter((event) => textAt(event, 'type') === 'Warning');
  return listAt(list, ['items'], 5000)
    .flatMap((item) => parsePod(item))
    .map(({ name, node, phase, ready, podIP, reason, message }) => {
      const event = said.findLast((one) => textAt(one, 'involvedObject', 'name') === name);
      const told = reason === null || reason === 'ContainersNotReady' ? textAt(event, 'message') : null;
      const words = [reason, message].filter((part) => part !== null && part !== '').join(': ');
      return { name, machine: node, phase, ready, ip: podIP, reason: ready ? null : (told ?? words) };
    });
}

function json(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch {
    return undefined;
  }
}
