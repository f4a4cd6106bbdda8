import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { K8slabError } from '../../errors/error.js';
import { packagesOf, releaseSums, signedText, type ReleaseSums } from './aptLists.js';
import { choosePackages } from './choosePackages.js';
import type { UpstreamContext } from './context.js';
import { compareDebian } from './debianVersion.js';
import { ensure } from './download.js';
import { addressOf, placeOf, withSlash } from './places.js';
import { optional, piece, signedBy, type RepositoryContent, type RepositoryWish } from './repository.js';
import type { SignedDocument } from './signature.js';
import type { Piece, Wanted } from './types.js';

/** Unpacked; pkgs.k8s.io has some 10 kB a minor. */
const listLimit = 256 * 1024 * 1024;
/** The lists that apt may ask for; the others are never read from a flat repository. */
const lists = /^Packages(\.(gz|xz|bz2|lzma|zst))?$/;

/**
 * A flat apt repository as it is: Release and its signatures, every form of Packages, the key, and of the packages those that
 * the lab installs. Throws BUNDLE_UPSTREAM_… errors.
 * https://wiki.debian.org/DebianRepository/Format#Flat_Repository_Format
 */
export async function lookAtApt(context: UpstreamContext, wish: RepositoryWish): Promise<RepositoryContent> {
  try {
    return await look(context, wish);
  } catch (error) {
    // Published anew between two of the requests: what was read first does not fit what was read last.
    if (!(error instanceof K8slabError) || error.code !== 'BUNDLE_UPSTREAM_DIGEST') throw error;
    return look(context, wish);
  }
}

async function look(context: UpstreamContext, wish: RepositoryWish): Promise<RepositoryContent> {
  const repository = withSlash(wish.url);
  const fetched = async (name: string): Promise<Piece & { bytes: Buffer }> =>
    piece(context, addressOf(repository, name));
  const [inRelease, release, releaseGpg] = await Promise.all(
    ['InRelease', 'Release', 'Release.gpg'].map((name) => optional(fetched(name))),
  );
  const key = await piece(context, wish.keyUrl);
  const documents: SignedDocument[] = [
    ...(inRelease ? [{ name: 'InRelease', document: inRelease.bytes }] : []),
    ...(release && releaseGpg
      ? [{ name: 'Release', document: release.bytes, signature: releaseGpg.bytes }]
      : []),
  ];
  await signedBy(context, wish, key.bytes, documents);
  const sums = agreed(repository, inRelease?.bytes, release?.bytes);

  const wanted = [...sums]
    .filter(([name]) => lists.test(name))
    .map(([name, sum]): Wanted => ({
      url: addressOf(repository, name),
      what: `${name} of ${repository}`,
      ...sum,
    }));
  for (const list of wanted) await ensure(context.client, context.store, list);
  const packages = packagesOf(repository, await packageList(context, repository, sums), context.arch);
  const chosen = choosePackages(repository, packages, wish.packages, (a, b) =>
    compareDebian(a.version, b.version),
  );
  const debs = chosen.map(({ name, version, file, size, sha256 }): Wanted => {
    return { url: addressOf(repository, file), sha256, size, what: `${name} ${version}` };
  });
  return {
    pieces: [
      ...[inRelease, release, releaseGpg, key].filter((one) => one !== undefined),
      ...[...wanted, ...debs].map((one) => ({ place: placeOf(one.url), origin: one.url, wanted: one })),
    ],
    packages: chosen,
  };
}

/** What InRelease and Release say of the lists. Both are part of the bundle, so they must say the same. */
function agreed(repository: string, inRelease: Buffer | undefined, release: Buffer | undefined): ReleaseSums {
  const inside = inRelease && signedText(inRelease.toString('utf8'));
  if (inRelease && inside === undefined) {
    throw new K8slabError(
      'BUNDLE_UPSTREAM_SIGNATURE',
      `InRelease of ${repository} is not one signed document.`,
    );
  }
  const all = [inside, release?.toString('utf8')].filter((text) => text !== undefined).map(releaseSums);
  const [sums, other] = all;
  if (sums === undefined || ![...sums.keys()].some((name) => lists.test(name))) {
    throw new K8slabError('BUNDLE_UPSTREAM_ANSWER', `${repository} has no Release that lists its packages.`);
  }
  for (const [name, { sha256 }] of sums) {
    if (lists.test(name) && other && other.get(name)?.sha256 !== sha256) {
      throw new K8slabError(
        'BUNDLE_UPSTREAM_DIGEST',
        `InRelease and Release of ${repository} name different lists.`,
      );
    }
  }
  return sums;
}

async function packageList(context: UpstreamContext, repository: string, sums: ReleaseSums): Promise<string> {
  const plain = sums.get('Packages');
  if (plain) return readFile(context.store.pathOf(plain.sha256), 'utf8');
  const packed = sums.get('Packages.gz');
  if (!packed) {
    throw new K8slabError(
      'BUNDLE_UPSTREAM_ANSWER',
      `${repository} lists its packages in no form that can be read: plain or gzip.`,
    );
  }
  try {
    const bytes = await readFile(context.store.pathOf(packed.sha256));
    return gunzipSync(bytes, { maxOutputLength: listLimit }).toString('utf8');
  } catch (cause) {
    throw new K8slabError('BUNDLE_UPSTREAM_ANSWER', `Packages.gz of ${repository} cannot be unpacked.`, {
      cause,
    });
  }
}
