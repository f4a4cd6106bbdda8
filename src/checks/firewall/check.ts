import type { PortPlan } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { judgeMachines, onMachine, word } from '../look.js';

export const check: Check = {
  id: 'firewall',
  title: 'No firewall stands between the machines',
  layer: 'machine',
  applies: () => true,
  evaluate: (cluster, snapshot) =>
    judgeMachines(
      cluster,
      snapshot,
      () => true,
      ({ name }, { condition }) => {
        if (!condition) return [];
        const units = (condition.firewallUnits ?? []).map((unit) => running(name, unit));
        // The rules are the service's then.
        if (units.length > 0) return units;
        return (condition.firewallRules ?? []).map((rule) => closed(name, rule, cluster.ports));
      },
    ),
};

const running = (machine: string, unit: string): Finding => ({
  code: 'GUEST_FIREWALL_RUNS',
  severity: 'failed',
  machine,
  message: `The firewall ${unit} runs on ${machine}${unit === 'firewalld' ? ', and was not told of the lab' : ''}; machines of a lab talk on many ports.`,
  evidence: [`systemctl is-active ${unit}: active`],
  fix: [
    unit === 'firewalld'
      ? `k8slab provision ${machine}   # tells firewalld of the lab`
      : onMachine(machine, `sudo systemctl disable --now ${word(unit, 'unit')}`),
  ],
});

/** Words, and comments in quotation marks: nothing that a shell takes for more. */
const plainRule = /^-A( !| [\w@%+:,.-][\w@%+=:,./-]*| "[\w@%+=:,./ -]*")+$/;

/** The rule as iptables printed it is the rule that it takes back, word for word. */
function closed(machine: string, rule: string, ports: readonly PortPlan[]): Finding {
  const policy = /^-P (\S+) DROP$/.exec(rule)?.[1];
  const concerns = ports.filter((port) => meets(rule, port)).map(({ what, port }) => `${what} (${port})`);
  return {
    code: 'GUEST_FIREWALL',
    severity: 'failed',
    machine,
    message:
      policy === undefined
        ? `A firewall rule on ${machine} keeps packets out${concerns.length > 0 ? `: ${concerns.slice(0, 3).join(', ')}` : ''}.`
        : `${machine} drops every packet of ${policy} that no rule lets through.`,
    evidence: [`iptables -S: ${rule}`],
    fix: [
      onMachine(
        machine,
        policy === undefined
          ? `sudo iptables ${plainRule.test(rule) ? rule.replace(/^-A/, '-D') : '-D <rule>'}`
          : `sudo iptables -P ${word(policy, 'chain')} ACCEPT`,
      ),
    ],
  };
}

/** Whether a rule is about a port of the plan: of the same protocol, with a range that holds or is held by its own. */
function meets(rule: string, { port, protocol }: PortPlan): boolean {
  const proto = /(?:^| )-p (\S+)/.exec(rule)?.[1];
  if (proto === undefined) return false;
  if (protocol === 'ip') return proto === port;
  const range = /--d?ports? (\d+)(?::(\d+))?/.exec(rule);
  if (proto !== protocol || !range) return false;
  const [low, high] = [Number(range[1]), Number(range[2] ?? range[1])];
  const [from, to = from] = port.split('-').map(Number);
  return from !== undefined && to !== undefined && low <= to && from <= high;
}
