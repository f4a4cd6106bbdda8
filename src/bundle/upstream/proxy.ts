const variables = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];

/**
 * Takes the environment and Node's version; gives what to say when a proxy is set that this Node.js does not use, as curl and
 * apt would. Source: https://nodejs.org/api/cli.html#node_use_env_proxy1 (since 22.21 and 24.0)
 */
export function unusedProxy(
  env: Readonly<Record<string, string | undefined>>,
  version: string,
): string | undefined {
  const set = variables.find((name) => (env[name] ?? '') !== '');
  if (set === undefined) return undefined;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const able = major >= 24 || (major === 22 && minor >= 21);
  if (able && env.NODE_USE_ENV_PROXY === '1') return undefined;
  const help = able
    ? 'Set NODE_USE_ENV_PROXY=1 as well.'
    : 'Take Node.js 24 (or 22.21) and set NODE_USE_ENV_PROXY=1.';
  return `${set} is set, but Node.js ${version} does not use it here. ${help}`;
}
