import { K8slabError } from '../../errors/error.js';
import type { Need, RepositoryPackage } from './choosePackages.js';
import { compareDebian } from './debianVersion.js';

/** Size and checksum of the files that a Release lists, by name. */
export type ReleaseSums = Map<string, { sha256: string; size: number }>;

/** Paragraphs of `Field: value` lines; names in lower case. https://www.debian.org/doc/debian-policy/ch-controlfields.html */
export function paragraphsOf(text: string): Map<string, string>[] {
  const paragraphs: Map<string, string>[] = [];
  let fields = new Map<string, string>();
  let last = '';
  for (const line of `${text}\n\n`.split(/\r?\n/)) {
    if (line.trim() === '') {
      if (fields.size > 0) paragraphs.push(fields);
      fields = new Map<string, string>();
    } else if (/^[ \t]/.test(line)) {
      fields.set(last, `${fields.get(last) ?? ''}\n${line.slice(1)}`);
    } else {
      const colon = line.indexOf(':');
      last = line.slice(0, colon).toLowerCase();
      fields.set(last, line.slice(colon + 1).trim());
    }
  }
  return paragraphs;
}

/** The SHA256 part of a Release. */
export function releaseSums(text: string): ReleaseSums {
  const sums: ReleaseSums = new Map();
  for (const line of (paragraphsOf(text)[0]?.get('sha256') ?? '').split('\n')) {
    const [sha256 = '', size = '', name = ''] = line.trim().split(/\s+/);
    if (isSum(sha256) && isSize(size) && name !== '')
      sums.set(name.replace(/^\.\//, ''), { sha256, size: Number(size) });
  }
  return sums;
}

/**
 * The text inside a clear-signed document. Strict: nothing may stand before or after, or be signed twice, so that what is read
 * here is what gpg checks. Nothing when it is not of that form.
 */
export function signedText(document: string): string | undefined {
  const lines = document.replaceAll('\r\n', '\n').replace(/\n+$/, '').split('\n');
  const begin = '-----BEGIN PGP SIGNED MESSAGE-----';
  const signature = lines.indexOf('-----BEGIN PGP SIGNATURE-----');
  const marks = lines.filter((line) => /^-----(BEGIN|END) PGP/.test(line));
  if (lines[0] !== begin || signature < 0 || marks.length !== 3) return undefined;
  if (lines.at(-1) !== '-----END PGP SIGNATURE-----') return undefined;
  const blank = lines.indexOf('');
  if (blank < 0 || blank > signature || !lines.slice(1, blank).every((line) => line.startsWith('Hash: '))) {
    return undefined;
  }
  return `${lines
    .slice(blank + 1, signature)
    .map((line) => line.replace(/^- /, ''))
    .join('\n')}\n`;
}

/** The packages of a Packages list that fit a processor (`amd64`). Throws BUNDLE_UPSTREAM_ANSWER for an entry that makes no sense. */
export function packagesOf(repository: string, text: string, arch: string): RepositoryPackage[] {
  return paragraphsOf(text)
    .filter((fields) => [arch, 'all'].includes(fields.get('architecture') ?? ''))
    .map((fields) => {
      const [name = '', version = '', file = ''] = ['package', 'version', 'filename'].map((field) =>
        fields.get(field),
      );
      const [size = '', sha256 = ''] = ['size', 'sha256'].map((field) => fields.get(field));
      if (name === '' || version === '' || file === '' || !isSize(size) || !isSum(sha256)) {
        throw new K8slabError(
          'BUNDLE_UPSTREAM_ANSWER',
          `The package list of ${repository} is malformed at ${name}.`,
        );
      }
      const needs = `${fields.get('pre-depends') ?? ''},${fields.get('depends') ?? ''}`;
      return { name, version, file, size: Number(size), sha256, needs: needsOf(needs) };
    });
}

/** `a (>= 1.2), b | c` */
function needsOf(text: string): Need[][] {
  return text
    .split(',')
    .map((group) => group.split('|').flatMap((one) => needOf(one.trim())))
    .filter((group) => group.length > 0);
}

function needOf(text: string): Need[] {
  const match = /^([a-z0-9][a-z0-9.+-]*)(?::\w+)?\s*(?:\((<<|<=|=|>=|>>)\s*([^)\s]+)\s*\))?/.exec(text);
  if (!match) return [];
  const [, name = '', relation, version = ''] = match;
  return [
    {
      name,
      fits: (candidate) =>
        relation === undefined || holds(relation, compareDebian(candidate.version, version)),
    },
  ];
}

function holds(relation: string, order: number): boolean {
  if (relation === '=') return order === 0;
  if (relation === '<=') return order <= 0;
  if (relation === '>=') return order >= 0;
  return relation === '<<' ? order < 0 : order > 0;
}

export function isSum(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

export function isSize(text: string): boolean {
  return /^\d{1,13}$/.test(text);
}
