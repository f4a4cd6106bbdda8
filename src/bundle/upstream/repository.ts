import { K8slabError } from '../../errors/error.js';
import type { PackageWish, RepositoryPackage } from './choosePackages.js';
import type { UpstreamContext } from './context.js';
import { placeOf } from './places.js';
import { checkSignatures, type SignedDocument } from './signature.js';
import type { Piece } from './types.js';

export interface RepositoryWish {
  kind: 'apt-repository' | 'dnf-repository';
  url: string;
  keyUrl: string;
  fingerprint: string;
  packages: PackageWish[];
}

export interface RepositoryContent {
  pieces: Piece[];
  packages: readonly RepositoryPackage[];
}

/** Release, repomd.xml, keys and signatures are small; the largest known is a few kB. */
const smallFile = 4 * 1024 * 1024;

/** A small file, as it is. */
export async function piece(context: UpstreamContext, url: string): Promise<Piece & { bytes: Buffer }> {
  const { bytes } = await context.client.read({ url }, smallFile);
  return { place: placeOf(url), origin: url, bytes };
}

/** Nothing for what a host does not have. */
export async function optional<T>(content: Promise<T>): Promise<T | undefined> {
  try {
    return await content;
  } catch (error) {
    // Stores behind content networks say 403 for what is not there.
    const absent = ['BUNDLE_UPSTREAM_NOT_FOUND', 'BUNDLE_UPSTREAM_DENIED'];
    if (error instanceof K8slabError && absent.includes(error.code)) return undefined;
    throw error;
  }
}

/** Checks a repository's signatures, or says that nobody can here: the machines check them in any case. */
export async function signedBy(
  context: UpstreamContext,
  wish: RepositoryWish,
  key: Buffer,
  documents: readonly SignedDocument[],
): Promise<void> {
  if (documents.length === 0) {
    throw new K8slabError('BUNDLE_UPSTREAM_SIGNATURE', `${wish.url} has no signature.`);
  }
  if (!context.gpg) {
    context.report({
      kind: 'note',
      text: `gpg is not installed, so the signature of ${wish.url} was not checked here. The machines check it.`,
    });
    return;
  }
  await checkSignatures(wish.url, key, wish.fingerprint, documents, context.signal);
}
