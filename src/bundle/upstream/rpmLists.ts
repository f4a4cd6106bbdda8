import { K8slabError } from '../../errors/error.js';
import { isSize, isSum } from './aptLists.js';
import type { Need, RepositoryPackage } from './choosePackages.js';
import { compareRpm, type RpmVersion } from './rpmVersion.js';

/** A file that repomd.xml lists. */
export interface RepomdFile {
  /** primary, filelists, other, … */
  type: string;
  href: string;
  sha256: string;
  size?: number;
}

export interface RpmPackage extends RepositoryPackage {
  exact: RpmVersion;
}

/** The files of a repository's metadata. Throws BUNDLE_UPSTREAM_ANSWER. */
export function repomdFiles(repository: string, xml: string): RepomdFile[] {
  return elements(xml, 'data').map(({ attributes, inside }) => {
    const sum = elements(inside, 'checksum')[0];
    const size = elements(inside, 'size')[0]?.inside.trim() ?? '';
    const [href, sha256] = [
      elements(inside, 'location')[0]?.attributes.get('href'),
      sum?.inside.trim() ?? '',
    ];
    if (href === undefined || sum?.attributes.get('type') !== 'sha256' || !isSum(sha256)) {
      throw malformed(repository, 'repomd.xml');
    }
    return { type: attributes.get('type') ?? '', href, sha256, ...(isSize(size) && { size: Number(size) }) };
  });
}

/** The packages of primary.xml for a processor (`x86_64`). Throws BUNDLE_UPSTREAM_ANSWER. */
export function rpmPackages(repository: string, xml: string, arch: string): RpmPackage[] {
  return elements(xml, 'package').flatMap(({ inside }) => {
    const first = (name: string): Element | undefined => elements(inside, name)[0];
    if (![arch, 'noarch'].includes(first('arch')?.inside.trim() ?? '')) return [];
    const [name, sum, size, file] = [
      first('name')?.inside.trim(),
      first('checksum'),
      first('size'),
      first('location'),
    ];
    const [href, bytes] = [file?.attributes.get('href'), size?.attributes.get('package') ?? ''];
    const sha256 = sum?.inside.trim() ?? '';
    const exact = versionOf(first('version')?.attributes);
    if (
      name === undefined ||
      href === undefined ||
      sum?.attributes.get('type') !== 'sha256' ||
      !isSum(sha256) ||
      !isSize(bytes)
    ) {
      throw malformed(repository, `primary.xml at ${name ?? 'a package'}`);
    }
    const requires = first('rpm:requires')?.inside ?? '';
    const needs = elements(requires, 'rpm:entry').map((entry) => [needOf(entry.attributes)]);
    const version = `${exact.version}-${exact.release}`;
    return [{ name, version, exact, file: href, size: Number(bytes), sha256, needs }];
  });
}

function versionOf(attributes: ReadonlyMap<string, string> | undefined): RpmVersion {
  return {
    epoch: attributes?.get('epoch') ?? '0',
    version: attributes?.get('ver') ?? '',
    release: attributes?.get('rel') ?? '',
  };
}

function needOf(attributes: ReadonlyMap<string, string>): Need {
  const flags = attributes.get('flags');
  const wanted = versionOf(attributes);
  return {
    name: attributes.get('name') ?? '',
    fits: (candidate) => {
      if (flags === undefined || !isRpm(candidate)) return true;
      const order = compareRpm(candidate.exact, wanted);
      return (
        (order < 0 && flags.startsWith('L')) ||
        (order > 0 && flags.startsWith('G')) ||
        (order === 0 && /^(EQ|LE|GE)$/.test(flags))
      );
    },
  };
}

function isRpm(candidate: RepositoryPackage): candidate is RpmPackage {
  return 'exact' in candidate;
}

interface Element {
  attributes: ReadonlyMap<string, string>;
  inside: string;
}

/** Elements of a name that do not hold one of the same name; enough for what createrepo_c and OBS write. */
function elements(xml: string, name: string): Element[] {
  const pattern = new RegExp(`<${name}(\\s[^>]*?)?(?:/>|>([^]*?)</${name}\\s*>)`, 'g');
  return [...xml.matchAll(pattern)].map((match) => ({
    attributes: new Map(
      [...(match[1] ?? '').matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map((one) => [
        one[1] ?? '',
        unescaped(one[2] ?? one[3] ?? ''),
      ]),
    ),
    inside: match[2] ?? '',
  }));
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole);
}

function malformed(repository: string, where: string): K8slabError {
  return new K8slabError('BUNDLE_UPSTREAM_ANSWER', `The metadata of ${repository} is malformed: ${where}.`);
}
