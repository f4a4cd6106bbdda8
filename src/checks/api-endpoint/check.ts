import { balancers } from '../../plan/balancers.js';
import type { Cluster } from '../../plan/cluster.js';
import { askersOf, wordsOf, type Asker } from '../asked.js';
import type { Check, Finding } from '../check.js';
import { onMachine, reached, word } from '../look.js';

/** Where the endpoint is the first control plane itself, asking that one is enough. */
export const check: Check = {
  id: 'api-endpoint',
  title: 'The API answers through its endpoint, everywhere',
  layer: 'control-plane',
  follows: {
    here: ['address'],
    anywhere: [
      ...['address', 'kubelet', 'runtime', 'etcd', 'api-answers'],
      ...['balancer-programs', 'balancer-servers', 'vip'],
    ],
  },
  applies: (cluster) => balancers(cluster).length > 0,
  evaluate: (cluster, snapshot) => {
    const { askers, silent } = askersOf(cluster, snapshot);
    if (!askers.some(({ machine }) => machine !== undefined)) {
      return { unknown: 'no machine that could tell was reached' };
    }
    const alive = reached(cluster, snapshot).map(({ machine }) => machine.name);
    const findings = endpointFindings(cluster, askers, alive);
    const unread = [...silent, ...askers.filter(({ endpoint }) => endpoint === null).map(({ who }) => who)];
    return unread.length === 0
      ? findings
      : { unknown: `could not be read on ${unread.join(', ')}`, findings };
  },
};

function endpointFindings(cluster: Cluster, askers: readonly Asker[], alive: readonly string[]): Finding[] {
  const asked = askers.flatMap((asker) => (asker.endpoint ? [{ asker, answer: asker.endpoint }] : []));
  const failed = asked.filter(({ answer }) => !answer.ok);
  const [first] = failed;
  if (!first || !cluster.endpoint) return [];
  const { hostPort, kind } = cluster.endpoint;
  const what = kind === 'vip' ? 'the virtual address' : 'the load balancer';
  const url = word(first.answer.url, 'URL');
  const look = balancers(cluster)
    .filter(({ name }) => alive.includes(name))
    .map(({ name }) => onMachine(name, `'ip -4 -brief address; curl -k ${url}'`));
  if (failed.length === asked.length) {
    return [
      {
        code: 'K8S_ENDPOINT_UNREACHABLE',
        severity: 'failed',
        message: `The API answers nobody through ${what} ${hostPort}.`,
        evidence: wordsOf(failed),
        fix: [...look, `curl -k ${url}`],
      },
    ];
  }
  return failed.map((one) => ({
    code: 'K8S_ENDPOINT_UNREACHABLE',
    severity: 'failed',
    ...(one.asker.machine !== undefined && { machine: one.asker.machine }),
    message: `From ${one.asker.who}, the API does not answer through ${what} ${hostPort}.`,
    evidence: wordsOf([one]),
    fix: [
      ...look,
      one.asker.machine === undefined ? `curl -k ${url}` : onMachine(one.asker.machine, `curl -k ${url}`),
    ],
  }));
}
