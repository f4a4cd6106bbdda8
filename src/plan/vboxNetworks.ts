import { parseCidr } from '../lab/cidr.js';

/** What VirtualBox 6.1.28 and later allow on Linux and macOS when there is no /etc/vbox/networks.conf. */
const vboxDefaultRanges: readonly string[] = ['192.168.56.0/21'];

/**
 * IPv4 ranges that /etc/vbox/networks.conf allows for host-only networks. `text` undefined: there is no such
 * file, and VirtualBox's default holds; a file that exists replaces the default, even an empty one.
 * Lines are `* <range> <range>…` and `#` comments; IPv6 ranges are left out.
 * Source: https://www.virtualbox.org/manual/ch06.html#network_hostonly
 */
export function parseVboxNetworks(text: string | undefined): string[] {
  if (text === undefined) return [...vboxDefaultRanges];
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line.startsWith('*'))
    .flatMap((line) => line.slice(1).split(/[\s,]+/))
    .filter((range) => parseCidr(range) !== undefined);
}
