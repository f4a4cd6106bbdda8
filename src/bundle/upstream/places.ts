import { K8slabError } from '../../errors/error.js';

/**
 * Where a download lies in a bundle: `files/<host>/<path>`. Throws BUNDLE_UPSTREAM_ANSWER for an address that would leave that folder;
 * such a one can only come from a list that a host sent.
 */
export function placeOf(address: string): string {
  const url = new URL(address);
  const segments = url.pathname.slice(1).split('/').map(decoded);
  if (url.search !== '' || ![url.host, ...segments].every(isFileName)) throw refused(url.host, address);
  return ['files', url.host, ...segments].join('/');
}

/** The address of a file that a repository's list names, relative to the repository. Throws as `placeOf`. */
export function addressOf(repository: string, name: string): string {
  const segments = name.replace(/^(\.\/)+/, '').split('/');
  if (!segments.every(isFileName)) throw refused(new URL(repository).host, name);
  const rest = segments.map((segment) =>
    encodeURIComponent(segment).replaceAll('%3A', ':').replaceAll('%2B', '+'),
  );
  return `${withSlash(repository)}${rest.join('/')}`;
}

export function withSlash(address: string): string {
  return address.endsWith('/') ? address : `${address}/`;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}

/** No separators, no control characters, nothing that means another folder. */
function isFileName(name: string): boolean {
  const printable = Array.from(name).every((char) => char > '\u001f' && char !== '\u007f');
  return (
    printable && name !== '' && name !== '.' && name !== '..' && name.length <= 255 && !/[/\\]/.test(name)
  );
}

function refused(host: string, name: string): K8slabError {
  return new K8slabError(
    'BUNDLE_UPSTREAM_ANSWER',
    `${host} names a file in a way that is not allowed: ${JSON.stringify(name)}.`,
  );
}
