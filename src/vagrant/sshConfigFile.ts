/** How ssh reaches one machine: what Vagrant said about it, and nothing else. */
export interface SshHost {
  name: string;
  hostName: string;
  port: number;
  user: string;
  /** Private key files, first tried first. */
  identityFiles: string[];
  proxyCommand?: string;
}

/**
 * Reads `vagrant ssh-config`, which prints paths as they are, or (`escaped`) a file that `renderSshConfig`
 * wrote. Blocks without a HostName are left out.
 */
export function parseSshConfig(text: string, escaped = false): SshHost[] {
  const hosts: SshHost[] = [];
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([A-Za-z]+)[ \t]+(.*?)\s*$/.exec(line);
    if (match === null) continue;
    const [, key = '', value = ''] = match;
    const host = hosts.at(-1);
    if (key === 'Host')
      hosts.push({ name: value, hostName: '', port: 22, user: 'vagrant', identityFiles: [] });
    else if (host === undefined) continue;
    else if (key === 'HostName') host.hostName = value;
    else if (key === 'User') host.user = value;
    else if (key === 'Port') host.port = Number(value);
    else if (key === 'IdentityFile') host.identityFiles.push(unquote(value, escaped));
    else if (key === 'ProxyCommand') host.proxyCommand = value;
  }
  return hosts.filter(({ hostName }) => hostName !== '');
}

function unquote(value: string, escaped: boolean): string {
  const inner = value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  return escaped ? inner.replaceAll('\\"', '"').replaceAll('%%', '%') : inner;
}

/**
 * The lab's ssh configuration, usable by hand: `ssh -F .k8slab/ssh-config worker1`. Host keys are not
 * checked: machines are made anew with new ones, and Vagrant itself does not check them either.
 */
export function renderSshConfig(
  hosts: readonly SshHost[],
  platform: NodeJS.Platform = process.platform,
): string {
  const blocks = hosts.map((host) =>
    [
      `Host ${host.name}`,
      `  HostName ${host.hostName}`,
      `  User ${host.user}`,
      `  Port ${host.port}`,
      ...host.identityFiles.map((file) => `  IdentityFile ${quote(file)}`),
      ...(host.proxyCommand === undefined ? [] : [`  ProxyCommand ${host.proxyCommand}`]),
      '  IdentitiesOnly yes',
      '  PasswordAuthentication no',
      '  StrictHostKeyChecking no',
      `  UserKnownHostsFile ${platform === 'win32' ? 'NUL' : '/dev/null'}`,
      '  LogLevel ERROR',
      '',
    ].join('\n'),
  );
  return ['# How ssh reaches the machines of this lab. Written by k8slab.', '', ...blocks].join('\n');
}

/** ssh reads `%` as the start of a token, and a backslash only before a quote. */
function quote(file: string): string {
  return `"${file.replaceAll('%', '%%').replaceAll('"', '\\"')}"`;
}
