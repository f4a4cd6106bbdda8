import { readFile } from 'node:fs/promises';
import { K8slabError } from '../../errors/error.js';
import { digestText } from '../digest.js';
import { mediaTypes, type Descriptor } from '../oci.js';
import type { UpstreamContext } from './context.js';
import { ensure } from './download.js';
import type { ImageName } from './imageName.js';
import { accept, entryFor, platformOf, understand, type Understood } from './manifests.js';
import type { Wanted } from './types.js';

/** containerd takes no larger manifest either. */
const manifestLimit = 8 * 1024 * 1024;
const configLimit = 8 * 1024 * 1024;

/** An image of one platform: what is known, and what is still to be downloaded. */
export interface ResolvedImage {
  name: string;
  origin: string;
  manifest: Descriptor;
  bytes: Buffer;
  /** Configuration and layers, each once. */
  blobs: Wanted[];
}

type Document = Exclude<Understood, { kind: 'wrong' }> & { bytes: Buffer; digest: string };

/**
 * Finds an image by its name in its registry, for one platform, every document checked against the digest by which it was asked
 * for. Throws BUNDLE_UPSTREAM_… errors.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pull
 */
export async function resolveImage(context: UpstreamContext, name: ImageName): Promise<ResolvedImage> {
  const top = await fetchDocument(context, name, name.reference);
  const document = top.kind === 'index' ? await ofPlatform(context, name, top) : top;
  if (document.kind !== 'manifest') throw wrongAnswer(name, 'has an index inside an index');
  const { config, layers } = document.manifest;
  const blobs = new Map<string, Wanted>();
  for (const { digest, size } of [config, ...layers]) {
    blobs.set(digest, {
      url: `https://${name.host}/v2/${name.repository}/blobs/${digest}`,
      sha256: digest.replace('sha256:', ''),
      size,
      scope: scopeOf(name),
      what: digest === config.digest ? `the configuration of ${name.full}` : `a layer of ${name.full}`,
    });
  }
  await requirePlatform(context, name, config, blobs.get(config.digest));
  return {
    name: name.full,
    origin: `${name.full.replace(/@.*$/, '')}@${top.digest}`,
    manifest: {
      mediaType: document.mediaType,
      digest: document.digest,
      size: document.bytes.length,
      platform: { architecture: context.arch, os: 'linux' },
    },
    bytes: document.bytes,
    blobs: [...blobs.values()],
  };
}

async function ofPlatform(
  context: UpstreamContext,
  name: ImageName,
  { entries }: Extract<Document, { kind: 'index' }>,
): Promise<Document> {
  const entry = entryFor(entries, context.arch);
  if (!entry) throw lacksPlatform(context, name);
  const document = await fetchDocument(context, name, entry.digest);
  if (document.bytes.length !== entry.size)
    throw wrongAnswer(name, 'has a manifest of another size than its index says');
  return document;
}

async function fetchDocument(
  context: UpstreamContext,
  name: ImageName,
  reference: string,
): Promise<Document> {
  const { bytes, response, url } = await context.client.read(
    {
      url: `https://${name.host}/v2/${name.repository}/manifests/${reference}`,
      headers: { accept },
      scope: scopeOf(name),
    },
    manifestLimit,
  );
  const digest = `sha256:${digestText(bytes)}`;
  const announced = response.headers.get('docker-content-digest');
  const expected = reference.startsWith('sha256:')
    ? reference
    : announced?.startsWith('sha256:')
      ? announced
      : digest;
  if (digest !== expected) {
    throw new K8slabError(
      'BUNDLE_UPSTREAM_DIGEST',
      `The manifest of ${name.full} from ${url.host} has another content than it must have.`,
      {
        raw: `expected ${expected}\nreceived ${digest}`,
      },
    );
  }
  const understood = understand(bytes, response.headers.get('content-type'));
  if (understood.kind === 'wrong') throw wrongAnswer(name, understood.wrong);
  return { ...understood, bytes, digest };
}

/** An image without an index may be for any platform; its configuration says which. */
async function requirePlatform(
  context: UpstreamContext,
  name: ImageName,
  config: Descriptor,
  blob: Wanted | undefined,
): Promise<void> {
  if (blob === undefined || config.size > configLimit)
    throw wrongAnswer(name, 'has a configuration that is too large');
  if ((await context.store.find(blob.sha256)) === undefined)
    await ensure(context.client, context.store, blob);
  const platform = platformOf(await readFile(context.store.pathOf(blob.sha256), 'utf8'));
  if (platform === undefined) throw wrongAnswer(name, `has a configuration that is not ${mediaTypes.config}`);
  if (platform.os !== 'linux' || platform.architecture !== context.arch) throw lacksPlatform(context, name);
}

function scopeOf({ repository }: ImageName): string {
  return `repository:${repository}:pull`;
}

function lacksPlatform({ arch }: UpstreamContext, name: ImageName): K8slabError {
  return new K8slabError('BUNDLE_UPSTREAM_PLATFORM', `${name.full} does not exist for linux/${arch}.`);
}

function wrongAnswer(name: ImageName, says: string): K8slabError {
  return new K8slabError('BUNDLE_UPSTREAM_ANSWER', `${name.host} ${says} (${name.full}).`);
}
