import type { ApiAnswer, ApiFacts } from '../snapshot.js';
import { clean, firstLine, linesOf, type Section } from './sections.js';

type Sections = ReadonlyMap<string, Section>;

/** Target name that stands for the cluster's endpoint among names of machines: no DNS label may begin with it. */
export const endpointTarget = '_endpoint';

/**
 * Facts of the API as one machine sees it, from the observations of `collect/api.sh` and, on control planes,
 * what became of `kubectl`. Never throws.
 */
export function parseApi(sections: Sections, controlPlane: boolean): ApiFacts {
  const answers = parseAnswers(linesOf(sections, 'api-ready', 1000));
  const endpoint = answers?.find((answer) => answer.machine === endpointTarget);
  const facts: ApiFacts = {
    endpoint: endpoint ? { url: endpoint.url, ok: endpoint.ok, answer: endpoint.answer } : null,
    controlPlanes: answers?.filter((answer) => answer.machine !== endpointTarget) ?? null,
  };
  if (!controlPlane) return facts;
  facts.advertiseAddress =
    firstLine(sections, 'api-advertise-address')?.replace(/^--advertise-address=/, '') ?? null;
  facts.clusterCidr = firstLine(sections, 'api-cluster-cidr')?.replace(/^--cluster-cidr=/, '') ?? null;
  facts.certificates = parseCertificates(linesOf(sections, 'api-certificates', 2000));
  const kubectl = kubectlError(sections);
  if (kubectl !== null) facts.kubectlError = kubectl;
  return facts;
}

function parseAnswers(lines: string[] | null): ({ machine: string } & ApiAnswer)[] | null {
  if (!lines) return null;
  return lines.flatMap((line) => {
    const match = /^(\S+) (https?:\/\/\S+)(.*)$/.exec(line);
    const [, machine, url, said = ''] = match ?? [];
    if (machine === undefined || url === undefined) return [];
    const answer = said.trim();
    // curl ends with the HTTP status, 000 when there was none.
    return { machine, url, ok: answer === 'ok 200', answer: answer.replace(/ *\b000$/, '') || null };
  });
}

function parseCertificates(lines: string[] | null): NonNullable<ApiFacts['certificates']> | null {
  if (!lines) return null;
  const certificates: { path: string; notAfter: string; sans: string[] }[] = [];
  let path = '';
  for (const line of lines) {
    if (line.startsWith('file=')) path = line.slice('file='.length);
    if (line.startsWith('notAfter=')) {
      const time = Date.parse(line.slice('notAfter='.length));
      if (!Number.isNaN(time)) certificates.push({ path, notAfter: new Date(time).toISOString(), sans: [] });
    }
    if (/^(DNS|IP Address):/.test(line)) {
      const names = line.split(',').map((name) => name.trim().replace(/^(DNS|IP Address):/, ''));
      certificates.at(-1)?.sans.push(...names);
    }
  }
  return certificates;
}

function kubectlError(sections: Sections): string | null {
  const objects = sections.get('cluster-objects');
  if (!objects) return 'there is no /etc/kubernetes/admin.conf';
  if (objects.status === 0) return null;
  if (objects.status === 124) return 'kubectl got no answer in time';
  if (objects.status === 127) return 'kubectl is not installed';
  if (objects.status === 141) return 'the list of pods and nodes is too long';
  const lines = objects.errors.split('\n').filter((line) => line.trim() !== '');
  return clean(lines.at(-1) ?? `kubectl failed with exit status ${objects.status ?? '?'}`, 300);
}
