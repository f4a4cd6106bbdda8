import { addressIn, containsAddress, formatCidr, lastOctet, nthAddress, parseAddress } from '../cidr.js';
import { shorten, type Finding } from '../findings.js';
import { listMachines, machinePath, roleKeys, type LabMachine } from '../machines.js';
import { rangeOf, type Rule, type RuleInput } from './rule.js';

/** .1 is the host, .2 to .9 are kept free, VirtualBox's DHCP server is .100 and leases .101 to .254. */
const first = 10;
const last = 99;
const reads = [...roleKeys.map((role) => `${role}.machines`), 'networking.hostOnlySubnet'];

type Addressed = LabMachine & { address: string };

/** Machines whose address the lab gives. */
function addressed({ lab }: RuleInput): Addressed[] {
  return listMachines(lab).flatMap((machine) =>
    machine.address === undefined ? [] : [{ ...machine, address: machine.address }],
  );
}

function rule(
  check: (
    machine: Addressed,
    input: RuleInput,
    all: readonly Addressed[],
  ) => Omit<Finding, 'path'> | undefined,
): Rule {
  return {
    reads,
    check: (input) => {
      const all = addressed(input);
      return all.flatMap((machine) => {
        const finding = check(machine, input, all);
        return finding ? [{ ...finding, path: machinePath(machine, 'address') }] : [];
      });
    },
  };
}

const notAnAddress = rule(({ address, name }) => {
  if (lastOctet(address) !== undefined) return undefined;
  return {
    code: 'LAB_ADDRESS',
    message: `${shorten(address) || 'Nothing'} is not an IPv4 address (machine ${shorten(name)}).`,
    fix: ['address: .30'],
  };
});

/** A whole address with `hostOnlySubnet: auto` would hold only by chance. */
const wholeWithAuto = rule(({ address, name }, { lab }) => {
  const octet = lastOctet(address);
  if (octet === undefined || address.startsWith('.') || lab.networking.hostOnlySubnet !== 'auto')
    return undefined;
  return {
    code: 'LAB_ADDRESS_AUTO',
    message: `Machine ${shorten(name)} has the whole address ${address}, but \`hostOnlySubnet\` is auto, so its range is not known yet.`,
    fix: [`address: .${octet}`, `Or fix the range: hostOnlySubnet: ${address.replace(/\d+$/, '0')}/24`],
  };
});

const outside = rule(({ address, name }, { lab }) => {
  const octet = lastOctet(address);
  const subnet = rangeOf(lab, 'hostOnlySubnet');
  if (octet === undefined) return undefined;
  const number = subnet === undefined ? undefined : parseAddress(addressIn(subnet, address) ?? '');
  const inside = subnet === undefined || (number !== undefined && containsAddress(subnet, number));
  if (inside && octet >= first && octet <= last) return undefined;
  const [from, to] = [first, last].map((offset) => (subnet && nthAddress(subnet, offset)) ?? `.${offset}`);
  const span = `${from ?? ''} to ${to ?? ''}`;
  const range = subnet === undefined ? '' : ` ${formatCidr(subnet)}`;
  return {
    code: 'LAB_ADDRESS_RANGE',
    message: inside
      ? `Machine ${shorten(name)} has address ${address}; machines have ${span} (the host is .1, the DHCP server .100).`
      : `Machine ${shorten(name)} has address ${address}, outside \`hostOnlySubnet\`${range}.`,
    fix: [`Use an address from ${span}, or none: then one is planned.`],
  };
});

const takenTwice = rule((machine, _input, all) => {
  const octet = lastOctet(machine.address);
  const other = all.slice(0, all.indexOf(machine)).find(({ address }) => lastOctet(address) === octet);
  if (octet === undefined || !other) return undefined;
  const taken = new Set(all.map(({ address }) => lastOctet(address)));
  const free = Array.from({ length: last - first + 1 }, (_, n) => first + n).find(
    (candidate) => !taken.has(candidate),
  );
  return {
    code: 'LAB_ADDRESS_TAKEN',
    message: `Machines ${shorten(other.name)} and ${shorten(machine.name)} have the same address, .${octet}.`,
    fix: [`address: .${free ?? first}`],
  };
});

export const addressRules: readonly Rule[] = [notAnAddress, wholeWithAuto, outside, takenTwice];
