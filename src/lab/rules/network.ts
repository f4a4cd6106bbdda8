import { contains, formatAddress, formatCidr, parseCidr } from '../cidr.js';
import { networkingPath, rangeOf, type Rule } from './rule.js';

const serviceSubnet = networkingPath('serviceSubnet');
const podSubnet = networkingPath('podSubnet');
const mtuPath = networkingPath('mtu');
const dnsDomainPath = networkingPath('dnsDomain');

/** kube-apiserver allows 20 host bits; kubeadm wants at least ten addresses, the tenth being the DNS server's. */
const widestService = 12;
const narrowestService = 28;

const serviceRange: Rule = {
  reads: [serviceSubnet],
  check: ({ lab }) => {
    const range = rangeOf(lab, 'serviceSubnet');
    if (!range || (range.prefix >= widestService && range.prefix <= narrowestService)) return [];
    const wide = range.prefix < widestService;
    const prefix = wide ? widestService : narrowestService;
    return [
      {
        code: 'LAB_SERVICE_RANGE',
        message: wide
          ? `\`serviceSubnet\` is a /${range.prefix}; kube-apiserver takes a /${widestService} at most.`
          : `\`serviceSubnet\` is a /${range.prefix}; ten addresses are needed, so a /${narrowestService} at least.`,
        path: serviceSubnet,
        fix: [`serviceSubnet: ${wide ? formatAddress(range.network) : '10.96.0.0'}/${wide ? prefix : 16}`],
      },
    ];
  },
};

const smallestMtu = 576;
const largestMtu = 9000;
const ethernetMtu = 1500;

const mtu: Rule = {
  reads: [mtuPath],
  check: ({ lab }) => {
    const bytes = lab.networking.mtu;
    if (bytes === 'auto' || (bytes >= smallestMtu && bytes <= ethernetMtu)) return [];
    if (bytes > ethernetMtu && bytes <= largestMtu) {
      return [
        {
          code: 'LAB_MTU_LARGE',
          message: `\`mtu\` ${bytes} is larger than the ${ethernetMtu} of the machines' adapters: small packets will pass, large ones will hang.`,
          path: mtuPath,
          warning: true,
        },
      ];
    }
    return [
      {
        code: 'LAB_MTU',
        message: `\`mtu\` is ${bytes}; it has to be ${smallestMtu} to ${largestMtu}.`,
        path: mtuPath,
        fix: ['mtu: auto', 'mtu: 1450'],
      },
    ];
  },
};

const dnsName =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

const dnsDomain: Rule = {
  reads: [dnsDomainPath],
  check: ({ lab }) => {
    const domain = lab.networking.dnsDomain;
    if (dnsName.test(domain)) return [];
    const repaired = domain.toLowerCase().replace(/\.+$/, '');
    return [
      {
        code: 'LAB_DNS_DOMAIN',
        message:
          '`dnsDomain` is not a DNS name: words of lower-case letters, digits and hyphens, with dots between them.',
        path: dnsDomainPath,
        fix: [`dnsDomain: ${dnsName.test(repaired) ? repaired : 'cluster.local'}`],
      },
    ];
  },
};

const calicoDefaultPool = parseCidr('192.168.0.0/16');

/** projectcalico/calico#3765: the range of many home networks, and VirtualBox's host-only ranges lie within. */
const calicoPool: Rule = {
  reads: [podSubnet, 'cni.name'],
  check: ({ lab }) => {
    const range = rangeOf(lab, 'podSubnet');
    if (!range || !calicoDefaultPool || lab.cni.name !== 'calico' || !contains(calicoDefaultPool, range))
      return [];
    return [
      {
        code: 'LAB_CALICO_DEFAULT_POOL',
        message: `\`podSubnet\` ${formatCidr(range)} lies in 192.168.0.0/16, Calico's default pool and the range of most home networks and of VirtualBox.`,
        path: podSubnet,
        warning: true,
      },
    ];
  },
};

export const networkRules: readonly Rule[] = [serviceRange, mtu, dnsDomain, calicoPool];
