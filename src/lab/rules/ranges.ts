import {
  contains,
  formatAddress,
  formatCidr,
  hasHostBits,
  hostOnlyPool,
  isPrivate,
  isShared,
  natRange,
  overlaps,
  parseCidr,
  type Cidr,
} from '../cidr.js';
import { shorten, type Finding } from '../findings.js';
import type { Lab } from '../lab.js';
import { networkingPath, rangeKeys, rangeOf, type RangeKey, type Rule } from './rule.js';

/** Ranges to offer instead of one that does not do. */
const offers: Readonly<Record<RangeKey, readonly string[]>> = {
  hostOnlySubnet: ['192.168.56.0/24', '192.168.57.0/24', '192.168.58.0/24', '192.168.59.0/24'],
  podSubnet: ['10.244.0.0/16', '10.200.0.0/16', '172.20.0.0/16', '172.30.0.0/16'],
  serviceSubnet: ['10.96.0.0/12', '172.24.0.0/16', '10.32.0.0/16'],
};

/** A range of this kind that overlaps none of the lab's others. */
function offer(key: RangeKey, lab: Lab): string {
  const others = rangeKeys.filter((other) => other !== key).flatMap((other) => rangeOf(lab, other) ?? []);
  const free = offers[key].find((text) => {
    const range = parseCidr(text);
    return range !== undefined && [...others, natRange].every((other) => !overlaps(range, other));
  });
  return `${key}: ${free ?? offers[key][0] ?? ''}`;
}

function forRange(key: RangeKey, check: (range: Cidr, lab: Lab) => Omit<Finding, 'path'> | undefined): Rule {
  const path = networkingPath(key);
  return {
    reads: [path],
    check: ({ lab }) => {
      const range = rangeOf(lab, key);
      const finding = range && check(range, lab);
      return finding ? [{ ...finding, path }] : [];
    },
  };
}

/** Text that is not an IPv4 range at all. */
const notARange = rangeKeys.map((key): Rule => {
  const path = networkingPath(key);
  return {
    reads: [path],
    check: ({ lab }) => {
      const text = lab.networking[key];
      if (rangeOf(lab, key) || (key === 'hostOnlySubnet' && text === 'auto')) return [];
      const fix = [offer(key, lab)];
      if (text.includes(':')) {
        return [
          {
            code: 'LAB_IPV6',
            message: `\`${path}\` is ${shorten(text)}: labs are IPv4 only for now.`,
            path,
            fix,
          },
        ];
      }
      const bare = /^[\d.]+$/.test(text)
        ? parseCidr(`${text}/${key === 'hostOnlySubnet' ? 24 : 16}`)
        : undefined;
      return [
        {
          code: 'LAB_CIDR',
          message: `\`${path}\` is not a range: ${shorten(text) || 'nothing'} is not of the form a.b.c.d/n.`,
          path,
          fix: [bare ? `Did you mean ${formatCidr(bare)}?` : (fix[0] ?? '')],
        },
      ];
    },
  };
});

/** 172.178.33.0/16: the address has bits set beyond the prefix, so the range is not the one it seems to be. */
const hostBits = rangeKeys.map((key) =>
  forRange(key, (range) => {
    if (!hasHostBits(range)) return undefined;
    return {
      code: 'LAB_HOST_BITS',
      message: `\`${networkingPath(key)}\` has host bits set: a /${range.prefix} around ${formatAddress(range.written)} starts at ${formatAddress(range.network)}.`,
      fix: [`Did you mean ${formatCidr(range)}?`],
    };
  }),
);

/** Addresses of the internet inside a lab make those hosts unreachable, silently. RFC 1918, RFC 6598. */
const publicRange = rangeKeys.map((key) =>
  forRange(key, (range, lab) => {
    if (isPrivate(range) || (key !== 'hostOnlySubnet' && isShared(range))) return undefined;
    const slip = /^192\.178\.(?<rest>.*)$/.exec(formatCidr(range))?.groups?.rest;
    const meant = slip !== undefined && range.prefix >= 16 ? [`Did you mean 192.168.${slip}?`] : [];
    return {
      code: 'LAB_PUBLIC_RANGE',
      message: `\`${networkingPath(key)}\` ${formatCidr(range)} is not a private range: inside the lab, real hosts with these addresses could not be reached.`,
      fix: [
        ...meant,
        `Use a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, such as ${offer(key, lab)}`,
      ],
    };
  }),
);

/** Two ranges of the lab that share addresses. */
const pairsOverlap = rangeKeys.flatMap((later, index) =>
  rangeKeys.slice(0, index).map((earlier): Rule => {
    return {
      reads: [networkingPath(earlier), networkingPath(later)],
      check: ({ lab, isWritten }) => {
        const one = rangeOf(lab, earlier);
        const other = rangeOf(lab, later);
        if (!one || !other || !overlaps(one, other)) return [];
        const [key, with_] = isWritten(networkingPath(later)) ? [later, earlier] : [earlier, later];
        const byDefault = isWritten(networkingPath(with_)) ? '' : ' (the default)';
        return [
          {
            code: 'LAB_RANGES_OVERLAP',
            message: `\`${key}\` ${lab.networking[key]} overlaps \`${with_}\` ${lab.networking[with_]}${byDefault}.`,
            path: networkingPath(key),
            fix: [offer(key, lab), offer(with_, lab)],
          },
        ];
      },
    };
  }),
);

/** Every machine's first adapter is in 10.0.2.0/24, and `auto` takes host-only ranges from 192.168.56.0/21. */
const overlapsFixed = rangeKeys.map((key) =>
  forRange(key, (range, lab) => {
    if (overlaps(range, natRange)) {
      return {
        code: 'LAB_RANGES_OVERLAP',
        message: `\`${key}\` ${formatCidr(range)} overlaps ${formatCidr(natRange)}, the range of every machine's NAT adapter.`,
        fix: [offer(key, lab)],
      };
    }
    if (lab.networking.hostOnlySubnet !== 'auto' || !contains(range, hostOnlyPool)) return undefined;
    return {
      code: 'LAB_RANGES_OVERLAP',
      message: `\`${key}\` ${formatCidr(range)} contains ${formatCidr(hostOnlyPool)}, where \`hostOnlySubnet: auto\` takes the machines' own addresses from.`,
      fix: [offer(key, lab)],
    };
  }),
);

/** Node addresses are planned as one /24: .1 the host, .10 to .99 machines, the DHCP server's .100 and above. */
const hostOnlySize = forRange('hostOnlySubnet', (range) => {
  if (range.prefix === 24) return undefined;
  return {
    code: 'LAB_HOST_ONLY_SIZE',
    message: `\`networking.hostOnlySubnet\` is a /${range.prefix}; it has to be a /24.`,
    fix: [`hostOnlySubnet: ${formatAddress(range.network)}/24`],
  };
});

export const rangeRules: readonly Rule[] = [
  ...notARange,
  ...hostBits,
  ...publicRange,
  ...pairsOverlap,
  ...overlapsFixed,
  hostOnlySize,
];
