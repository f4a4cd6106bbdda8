import type { Check, Finding } from '../check.js';
import { onMachine, plannedInterface, reached, word } from '../look.js';

/** A packet that one machine sends whole is lost without a word at one that takes only smaller ones. */
export const check: Check = {
  id: 'adapter-mtu',
  title: 'Host-only adapters take packets of the same size',
  layer: 'machine',
  applies: ({ machines }) => machines.length > 1,
  evaluate: (cluster, snapshot) => {
    const seen = reached(cluster, snapshot).flatMap(({ machine, facts }) => {
      const link = plannedInterface(machine, facts);
      return link ? [{ name: machine.name, link }] : [];
    });
    if (seen.length === 0) return { unknown: 'no machine that could tell was reached' };
    const largest = Math.max(...seen.map(({ link }) => link.mtu));
    return seen
      .filter(({ link }) => link.mtu < largest)
      .map(({ name, link }): Finding => ({
        code: 'GUEST_MTU_DIFFERS',
        severity: 'failed',
        machine: name,
        message: `${link.name} of ${name} takes packets of ${link.mtu} bytes, that of others ${largest}: larger ones are lost.`,
        evidence: seen.map((one) => `${one.name}: ${one.link.name} mtu ${one.link.mtu}`),
        fix: [onMachine(name, `sudo ip link set ${word(link.name, 'adapter')} mtu ${largest}`)],
      }));
  },
};
