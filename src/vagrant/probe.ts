/** What a machine says about itself in one short connection. */
export interface Probe {
  hostname: string;
  addresses: string[];
  /** Changes when the machine is made anew. */
  machineId: string;
  /** Hash of what it was last provisioned with successfully; the truth is on the machine, not in our state. */
  provisionedHash?: string;
}

/** Where a machine keeps the hash of its last successful provisioning. */
export const markerFile = '/var/lib/k8slab/provisioned';

/** POSIX shell; needs neither root nor anything that is not in every box. */
export const probeScript = [
  'echo "hostname=$(uname -n)"',
  `echo "machine-id=$(cat /etc/machine-id 2>/dev/null)"`,
  `echo "provisioned=$(cat ${markerFile} 2>/dev/null)"`,
  `ip -4 -o address show 2>/dev/null | while read -r _ _ _ address _; do echo "address=\${address%/*}"; done`,
].join('\n');

/** Reads what `probeScript` printed; nothing when it is something else. */
export function parseProbe(output: string): Probe | undefined {
  const values = new Map<string, string[]>();
  for (const line of output.split(/\r?\n/)) {
    const match = /^([a-z-]+)=(.*)$/.exec(line);
    if (match === null) continue;
    const [, key = '', value = ''] = match;
    values.set(key, [...(values.get(key) ?? []), value.trim()]);
  }
  const hostname = values.get('hostname')?.[0];
  if (hostname === undefined) return undefined;
  const provisionedHash = values.get('provisioned')?.[0] ?? '';
  return {
    hostname,
    addresses: values.get('address') ?? [],
    machineId: values.get('machine-id')?.[0] ?? '',
    ...(/^[0-9a-f]{64}$/.test(provisionedHash) ? { provisionedHash } : {}),
  };
}
