import type { ApiAnswer } from '../../collect/snapshot.js';
import type { Cluster } from '../../plan/cluster.js';
import { lookAtProgram } from '../advice.js';
import { askersOf, wordsOf, type Asker } from '../asked.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNat, onMachine, reached, word } from '../look.js';

export const check: Check = {
  id: 'api-answers',
  title: 'Every machine and this host reach every API server',
  layer: 'control-plane',
  follows: {
    here: ['address', 'programs', 'etcd'],
    anywhere: ['cri', 'firewall', 'certificates', 'clock', 'kubelet', 'runtime', 'address', 'api-address'],
  },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) => {
    const { askers, silent } = askersOf(cluster, snapshot);
    if (!askers.some(({ machine }) => machine !== undefined)) {
      return { unknown: 'no machine that could tell was reached' };
    }
    // A control plane that is not reached over ssh is known to be gone already.
    const servers = reached(cluster, snapshot, ({ role }) => role === 'control-plane');
    const findings = servers.flatMap(({ machine }) => serverFindings(cluster, askers, machine.name));
    return silent.length === 0
      ? findings
      : { unknown: `could not be read on ${silent.join(', ')}`, findings };
  },
};

/** One finding about a server that answers nobody, else one about each machine that it does not answer. */
function serverFindings(cluster: Cluster, askers: readonly Asker[], server: string): Finding[] {
  const asked = askers.flatMap((asker) => {
    const answer = asker.controlPlanes.find(({ machine }) => machine === server);
    return answer ? [{ asker, answer }] : [];
  });
  const failed = asked.filter(({ answer }) => !answer.ok);
  const look = lookAtProgram(cluster, server, 'kube-apiserver');
  const [first] = failed;
  if (first && failed.length === asked.length) {
    const { url } = first.answer;
    return [
      {
        code: 'K8S_API_UNREACHABLE',
        severity: 'failed',
        machine: server,
        message: `The API server of ${server} answers nobody at ${url}.`,
        evidence: [...wordsOf(failed), ...natHint(cluster, failed)],
        fix: [...look, onMachine(server, `curl -k ${word(url, 'URL')}`)],
      },
    ];
  }
  return failed.map((one) => ({
    code: 'K8S_API_UNREACHABLE',
    severity: 'failed',
    ...(one.asker.machine !== undefined && { machine: one.asker.machine }),
    message: `From ${one.asker.who}, the API server of ${server} does not answer at ${one.answer.url}.`,
    evidence: [...wordsOf([one]), ...natHint(cluster, [one])],
    fix: [
      ...look,
      one.asker.machine === undefined
        ? `curl -k ${word(one.answer.url, 'URL')}`
        : onMachine(one.asker.machine, `curl -k ${word(one.answer.url, 'URL')}`),
    ],
  }));
}

function natHint(cluster: Cluster, failed: readonly { answer: ApiAnswer }[]): string[] {
  const addresses = failed.flatMap(({ answer }) => (answer.answer ?? '').match(/\d+\.\d+\.\d+\.\d+/g) ?? []);
  return addresses.some((address) => isNat(cluster, address)) ? [natSentence(cluster)] : [];
}

function natSentence({ networking: { nat } }: Cluster): string {
  return nat.address === ''
    ? `${nat.cidr} is the range of the NAT adapters: the way out, not the way to the API.`
    : `${nat.address} is the NAT adapter of whichever machine asks: it talks to itself.`;
}
