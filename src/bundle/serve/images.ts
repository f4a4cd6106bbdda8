import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bundle } from '../bundle.js';
import { blobPath, nameAnnotation, parseIndex, parseManifest, type Manifest } from '../oci.js';
import { damaged, type Content } from './respond.js';

/** The images of a bundle as a registry offers them. */
export interface Images {
  /** `registry.k8s.io/pause` to tag (`3.10.2`) and digest (`sha256:…`) to manifest. */
  repositories: ReadonlyMap<string, ReadonlyMap<string, Content>>;
  /** Configurations and layers by digest. */
  blobs: ReadonlyMap<string, Content>;
}

/** Reads the image layout of a bundle. Throws BUNDLE_DAMAGED. */
export async function readImages(folder: string, bundle: Bundle): Promise<Images> {
  const layout = path.join(folder, 'oci');
  const types = await mediaTypes(folder, layout, bundle);
  const repositories = new Map<string, Map<string, Content>>();
  const blobs = new Map<string, Content>();
  for (const { name, digest } of bundle.images) {
    const { text, manifest } = await readManifest(folder, layout, name, digest);
    const content = blob(digest, Buffer.byteLength(text), types.get(name) ?? 'application/octet-stream');
    const [repository, tag] = splitName(name);
    const references = repositories.get(repository) ?? new Map<string, Content>();
    references.set(tag, content).set(digest, content);
    repositories.set(repository, references);
    for (const part of [manifest.config, ...manifest.layers]) {
      blobs.set(part.digest, blob(part.digest, part.size, 'application/octet-stream'));
    }
  }
  return { repositories, blobs };
}

async function mediaTypes(folder: string, layout: string, bundle: Bundle): Promise<Map<string, string>> {
  if (bundle.images.length === 0) return new Map();
  try {
    const index = parseIndex(await readFile(path.join(layout, 'index.json'), 'utf8'));
    return new Map(
      index.manifests.map(({ annotations, mediaType }) => [annotations?.[nameAnnotation] ?? '', mediaType]),
    );
  } catch (error) {
    throw damaged(folder, 'oci/index.json cannot be read.', error);
  }
}

async function readManifest(
  folder: string,
  layout: string,
  name: string,
  digest: string,
): Promise<{ text: string; manifest: Manifest }> {
  try {
    const text = await readFile(path.join(layout, blobPath(digest)), 'utf8');
    return { text, manifest: parseManifest(text) };
  } catch (error) {
    throw damaged(folder, `the manifest of ${name} (${digest}) cannot be read.`, error);
  }
}

function blob(digest: string, size: number, type: string): Content {
  return {
    path: `oci/${blobPath(digest)}`,
    size,
    sha256: digest.replace(/^sha256:/, ''),
    type,
    headers: { 'Docker-Content-Digest': digest },
  };
}

/** `registry.k8s.io/pause:3.10.2` → `registry.k8s.io/pause`, `3.10.2` */
function splitName(name: string): [repository: string, tag: string] {
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? [name.slice(0, colon), name.slice(colon + 1)] : [name, 'latest'];
}
