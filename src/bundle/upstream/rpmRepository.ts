import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { K8slabError } from '../../errors/error.js';
import { choosePackages } from './choosePackages.js';
import type { UpstreamContext } from './context.js';
import { ensure } from './download.js';
import { addressOf, placeOf, withSlash } from './places.js';
import { optional, piece, signedBy, type RepositoryContent, type RepositoryWish } from './repository.js';
import { repomdFiles, rpmPackages, type RepomdFile } from './rpmLists.js';
import { compareRpm } from './rpmVersion.js';
import type { Wanted } from './types.js';

const listLimit = 512 * 1024 * 1024;
const architectures = { amd64: 'x86_64', arm64: 'aarch64' } as const;

/**
 * An rpm repository as it is: repomd.xml and its signature, all metadata that it lists, the key, and of the packages those that
 * the lab installs. Throws BUNDLE_UPSTREAM_… errors.
 */
export async function lookAtRpm(context: UpstreamContext, wish: RepositoryWish): Promise<RepositoryContent> {
  const repository = withSlash(wish.url);
  const repomd = await piece(context, addressOf(repository, 'repodata/repomd.xml'));
  const signature = await optional(piece(context, addressOf(repository, 'repodata/repomd.xml.asc')));
  const key = await piece(context, wish.keyUrl);
  const documents = signature && [{ name: 'repomd.xml', document: repomd.bytes, signature: signature.bytes }];
  await signedBy(context, wish, key.bytes, documents ?? []);

  const metadata = repomdFiles(repository, repomd.bytes.toString('utf8'));
  const wanted = metadata.map(({ type, href, ...sum }): Wanted => ({
    url: addressOf(repository, href),
    what: `${type} of ${repository}`,
    ...sum,
  }));
  for (const list of wanted) await ensure(context.client, context.store, list);
  const primary = metadata.find(({ type }) => type === 'primary');
  if (!primary) throw new K8slabError('BUNDLE_UPSTREAM_ANSWER', `${repository} lists no packages.`);
  const packages = rpmPackages(
    repository,
    await unpacked(context, repository, primary),
    architectures[context.arch],
  );
  const chosen = choosePackages(repository, packages, wish.packages, (a, b) => compareRpm(a.exact, b.exact));
  const rpms = chosen.map(({ name, version, file, size, sha256 }): Wanted => {
    return { url: addressOf(repository, file), sha256, size, what: `${name} ${version}` };
  });
  return {
    pieces: [
      ...[repomd, signature, key].filter((one) => one !== undefined),
      ...[...wanted, ...rpms].map((one) => ({ place: placeOf(one.url), origin: one.url, wanted: one })),
    ],
    packages: chosen,
  };
}

async function unpacked(
  context: UpstreamContext,
  repository: string,
  { href, sha256 }: RepomdFile,
): Promise<string> {
  const bytes = await readFile(context.store.pathOf(sha256));
  try {
    if (href.endsWith('.xml')) return bytes.toString('utf8');
    if (href.endsWith('.gz')) return gunzipSync(bytes, { maxOutputLength: listLimit }).toString('utf8');
  } catch (cause) {
    throw new K8slabError('BUNDLE_UPSTREAM_ANSWER', `${href} of ${repository} cannot be unpacked.`, {
      cause,
    });
  }
  throw new K8slabError(
    'BUNDLE_UPSTREAM_ANSWER',
    `${repository} packs its list in a way that is not known here: ${href}.`,
    {
      fix: ['Make the bundle for a lab whose box uses apt: box: debian-12'],
    },
  );
}
