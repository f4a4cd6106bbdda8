import { containsAddress, formatCidr, lastOctet, parseAddress } from '../cidr.js';
import type { Finding } from '../findings.js';
import type { Lab } from '../lab.js';
import { listMachines } from '../machines.js';
import { networkingPath, rangeOf, type Rule, type RuleInput } from './rule.js';

const virtualAddress = networkingPath('virtualAddress');
const endpointPort = networkingPath('endpointPort');
const apiServerPort = networkingPath('apiServerPort');
const counts = ['controlPlanes.count', 'loadBalancers.count', 'loadBalancer.name'];
/** .1 is the host, .100 VirtualBox's DHCP server, and leases follow. */
const first = 2;
const last = 99;
const dhcp = 100;

/** The manifest of the form of balancing that a lab chose; undefined when nothing is balanced. */
function balancerOf({ lab, assets }: RuleInput) {
  return assets.loadBalancers[lab.loadBalancer.name]?.balancer;
}

function stacked(lab: Lab): boolean {
  return lab.loadBalancers.count === 0;
}

/** Whether the lab has an address that moves. */
function isShared(input: RuleInput): boolean {
  return balancerOf(input) !== undefined && input.lab.loadBalancers.count !== 1;
}

const address: Rule = {
  reads: [virtualAddress, networkingPath('hostOnlySubnet')],
  check: (input) => {
    const { lab } = input;
    const written = lab.networking.virtualAddress;
    if (written === 'auto') return [];
    const refuse = (message: string, fix: string): Finding[] => [
      { code: 'LAB_VIRTUAL_ADDRESS', message, path: virtualAddress, fix: [fix, 'virtualAddress: auto'] },
    ];
    const octet = lastOctet(written);
    if (octet === undefined) return refuse('`virtualAddress` is not an IPv4 address.', 'virtualAddress: .9');
    const subnet = rangeOf(lab, 'hostOnlySubnet');
    if (!written.startsWith('.') && lab.networking.hostOnlySubnet === 'auto')
      return refuse(
        `\`virtualAddress\` is the whole address ${written}, but \`hostOnlySubnet\` is auto, so its range is not known yet.`,
        `virtualAddress: .${octet}`,
      );
    const number = parseAddress(written);
    if (subnet && number !== undefined && !containsAddress(subnet, number))
      return refuse(
        `\`virtualAddress\` ${written} is outside \`hostOnlySubnet\` ${formatCidr(subnet)}: no machine could answer for it there.`,
        'virtualAddress: .9',
      );
    if (octet >= dhcp)
      return refuse(
        `\`virtualAddress\` ${written} is one that VirtualBox's DHCP server has (.${dhcp}) or gives away (up to .254): two would answer.`,
        'virtualAddress: .9',
      );
    if (octet < first)
      return refuse(
        `\`virtualAddress\` ${written} is the host's own or none at all; it has to be .${first} to .${last}.`,
        'virtualAddress: .9',
      );
    return [];
  },
};

const addressOfMachine: Rule = {
  reads: [virtualAddress, 'controlPlanes.machines', 'workers.machines', 'loadBalancers.machines'],
  check: ({ lab }) => {
    const octet = lastOctet(lab.networking.virtualAddress);
    const holder = listMachines(lab).find(
      (machine) => machine.address !== undefined && lastOctet(machine.address) === octet,
    );
    if (octet === undefined || !holder) return [];
    return [
      {
        code: 'LAB_VIRTUAL_ADDRESS',
        message: `\`virtualAddress\` .${octet} is the address of machine ${holder.name}: it could never move away from it.`,
        path: virtualAddress,
        fix: ['virtualAddress: .9', 'virtualAddress: auto'],
      },
    ];
  },
};

const noEffect: Rule = {
  reads: [virtualAddress, ...counts],
  check: (input) =>
    input.lab.networking.virtualAddress === 'auto' || isShared(input)
      ? []
      : [
          {
            code: 'LAB_NO_EFFECT',
            message:
              input.lab.loadBalancers.count === 1
                ? 'With a single load balancer, clients use its own address; `virtualAddress` is for several.'
                : 'Nothing holds `virtualAddress`: choose a `loadBalancer`.',
            path: virtualAddress,
            warning: true,
          },
        ],
};

/** Ports that Kubernetes has on a control plane: https://kubernetes.io/docs/reference/networking/ports-and-protocols/ */
const taken: Readonly<Record<number, string>> = {
  22: 'ssh',
  179: 'BGP',
  2379: 'etcd',
  2380: 'etcd',
  2381: 'etcd',
  10248: 'the kubelet',
  10249: 'kube-proxy',
  10250: 'the kubelet',
  10256: 'kube-proxy',
  10257: 'the controller manager',
  10259: 'the scheduler',
};
const nodePorts = { from: 30_000, to: 32_767 };

const ports: Rule = {
  reads: [endpointPort, apiServerPort],
  check: ({ lab: { networking } }) =>
    (['endpointPort', 'apiServerPort'] as const).flatMap((key): Finding[] => {
      const port = networking[key];
      if (port === 'auto') return [];
      const owner =
        taken[port] ?? (port >= nodePorts.from && port <= nodePorts.to ? 'NodePort Services' : undefined);
      const valid = port >= 1 && port <= 65_535;
      if (valid && owner === undefined) return [];
      return [
        {
          code: 'LAB_PORT',
          message: valid
            ? `\`${key}\` ${port} is the port of ${owner ?? 'another program'} on the same machines.`
            : `\`${key}\` ${port} is not a port: 1 to 65535.`,
          path: networkingPath(key),
          fix: [key === 'endpointPort' ? 'endpointPort: auto' : 'apiServerPort: 6443'],
        },
      ];
    }),
};

const portsTogether: Rule = {
  reads: [endpointPort, apiServerPort, ...counts],
  check: (input) => {
    const { lab } = input;
    const { endpointPort: endpoint, apiServerPort: api } = lab.networking;
    const beside = balancerOf(input)?.portBesideApi;
    const shared = beside !== undefined && stacked(lab);
    if (shared && (endpoint === 'auto' ? beside : endpoint) === api) {
      return [
        {
          code: 'LAB_PORT_SHARED',
          message: `haproxy and the API server would both listen on port ${api} of every control plane: the second one to start could not.`,
          path: input.isWritten(endpointPort) ? endpointPort : apiServerPort,
          fix: [
            `endpointPort: ${api === beside ? 6443 : beside}`,
            `apiServerPort: ${api === 6444 ? 6443 : 6444}`,
          ],
        },
      ];
    }
    if (beside === undefined && endpoint !== 'auto' && endpoint !== api) {
      return [
        {
          code: 'LAB_PORT_SHARED',
          message: `Clients would come to port ${endpoint}, but the API server itself answers them, on port ${api}: nothing hands connections on.`,
          path: endpointPort,
          fix: [`endpointPort: auto`, 'loadBalancer: static-pods'],
        },
      ];
    }
    return [];
  },
};

const form: Rule = {
  reads: [...counts, 'bootstrap.name'],
  check: (input) => {
    const { lab } = input;
    const { name } = lab.loadBalancer;
    const balancer = balancerOf(input);
    const refuse = (message: string, path: string, ...fix: string[]): Finding[] => [
      { code: 'LAB_LOAD_BALANCER_FORM', message, path, fix },
    ];
    if (lab.bootstrap.name === 'none') {
      if (!balancer || !stacked(lab)) return [];
      const message = 'With `bootstrap: none` there is no API server that could be balanced.';
      return refuse(message, 'loadBalancer', 'Remove `loadBalancer`.');
    }
    const fitting = input.assets.bootstraps[lab.bootstrap.name]?.fits?.loadBalancer;
    if (balancer && fitting && !fitting.includes(name)) {
      const message = `\`bootstrap: ${lab.bootstrap.name}\` works with ${fitting.join(', ')}, not with \`loadBalancer: ${name}\`.`;
      return refuse(message, 'loadBalancer', ...fitting.map((one) => `loadBalancer: ${one}`).reverse());
    }
    if (!stacked(lab) && !balancer?.on.includes('load-balancer')) {
      const message = balancer
        ? `\`loadBalancer: ${name}\` runs on the control planes, not on \`loadBalancers\` of their own.`
        : '`loadBalancers` are machines that balance, and `loadBalancer: none` says that nothing does.';
      return refuse(message, 'loadBalancer', 'loadBalancer: packages', 'loadBalancers: 0');
    }
    if (balancer && stacked(lab) && lab.controlPlanes.count < 2) {
      const message = `\`loadBalancer: ${name}\` shares an address among control planes, and there is ${lab.controlPlanes.count === 1 ? 'one' : 'none'}.`;
      return refuse(message, 'loadBalancer', 'controlPlanes: 3', 'loadBalancer: none');
    }
    return [];
  },
};

export const loadBalancingRules: readonly Rule[] = [
  address,
  addressOfMachine,
  noEffect,
  ports,
  portsTogether,
  form,
];
