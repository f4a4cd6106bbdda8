import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { z } from 'zod';

/**
 * An OCI image layout: https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 * Everything that is needed to write one, and to read it back.
 */
export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const;

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const descriptor = z.looseObject({
  mediaType: z.string(),
  digest,
  size: z.int().nonnegative(),
  annotations: z.record(z.string(), z.string()).optional(),
});
const index = z.looseObject({ schemaVersion: z.literal(2), manifests: z.array(descriptor) });
const manifest = z.looseObject({
  schemaVersion: z.literal(2),
  config: descriptor,
  layers: z.array(descriptor),
});

export type Descriptor = z.infer<typeof descriptor>;
export type Index = z.infer<typeof index>;
export type Manifest = z.infer<typeof manifest>;

/** The full name of an image, as the cluster asks for it. */
export const nameAnnotation = 'org.opencontainers.image.ref.name';
/** containerd takes the name from here when it imports a layout. */
export const containerdNameAnnotation = 'io.containerd.image.name';

export function parseIndex(text: string): Index {
  return index.parse(JSON.parse(text));
}

export function parseManifest(text: string): Manifest {
  return manifest.parse(JSON.parse(text));
}

/** Path of a blob below the layout's folder, with forward slashes. */
export function blobPath(blob: string): string {
  return `blobs/${blob.replace(':', '/')}`;
}

export interface Layer {
  descriptor: Descriptor;
  /** Digest of the tar inside. */
  diffId: string;
}

/** Compresses a tar into a blob of the layout. The same tar gives the same blob. */
export async function writeLayer(layout: string, tar: AsyncIterable<Uint8Array>): Promise<Layer> {
  const blobs = path.join(layout, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  const temporary = path.join(blobs, `.${randomBytes(6).toString('hex')}.tmp`);
  const plain = counter();
  const packed = counter();
  try {
    await pipeline(
      Readable.from(tar, { objectMode: false, highWaterMark: 1 << 20 }),
      plain.stream,
      createGzip({ level: 6, chunkSize: 1 << 18 }),
      packed.stream,
      createWriteStream(temporary),
    );
    const sum = packed.sum();
    await rename(temporary, path.join(blobs, sum));
    return {
      descriptor: { mediaType: mediaTypes.layer, digest: `sha256:${sum}`, size: packed.size() },
      diffId: `sha256:${plain.sum()}`,
    };
  } finally {
    await rm(temporary, { force: true });
  }
}

function counter(): { stream: Transform; sum: () => string; size: () => number } {
  const hash = createHash('sha256');
  let size = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, sum: () => hash.digest('hex'), size: () => size };
}

/** Writes a small document as a blob. */
export async function writeDocumentBlob(
  layout: string,
  mediaType: string,
  document: unknown,
): Promise<Descriptor> {
  const text = JSON.stringify(document);
  const sum = createHash('sha256').update(text).digest('hex');
  await mkdir(path.join(layout, 'blobs', 'sha256'), { recursive: true });
  await writeFile(path.join(layout, 'blobs', 'sha256', sum), text);
  return { mediaType, digest: `sha256:${sum}`, size: Buffer.byteLength(text) };
}

export interface ImageConfig {
  /** amd64, arm64 */
  architecture: string;
  /** Seconds since 1970. */
  created: number;
  environment: Readonly<Record<string, string>>;
  entrypoint: readonly string[];
  workingFolder?: string | undefined;
  stopSignal?: string | undefined;
}

/** Writes an image's configuration and manifest; gives the manifest's descriptor. */
export async function writeImage(
  layout: string,
  config: ImageConfig,
  layers: readonly Layer[],
): Promise<Descriptor> {
  const created = new Date(config.created * 1000).toISOString().replace('.000', '');
  const configBlob = await writeDocumentBlob(layout, mediaTypes.config, {
    created,
    architecture: config.architecture,
    os: 'linux',
    config: {
      Env: Object.entries(config.environment).map(([name, value]) => `${name}=${value}`),
      ...(config.entrypoint.length === 0 ? {} : { Entrypoint: config.entrypoint }),
      ...(config.workingFolder === undefined ? {} : { WorkingDir: config.workingFolder }),
      ...(config.stopSignal === undefined ? {} : { StopSignal: config.stopSignal }),
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(() => ({ created, created_by: 'k8slab' })),
  });
  const blob = await writeDocumentBlob(layout, mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: configBlob,
    layers: layers.map((layer) => layer.descriptor),
  });
  return { ...blob, platform: { architecture: config.architecture, os: 'linux' } };
}

/** Writes what makes a folder of blobs a layout: its marker and the index of named images. */
export async function writeIndex(
  layout: string,
  images: readonly { name: string; manifest: Descriptor }[],
): Promise<void> {
  await mkdir(layout, { recursive: true });
  const manifests = [...images]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, manifest: described }) => ({
      ...described,
      annotations: { [containerdNameAnnotation]: name, [nameAnnotation]: name },
    }));
  await writeFile(path.join(layout, 'oci-layout'), `${JSON.stringify({ imageLayoutVersion: '1.0.0' })}\n`);
  await writeFile(
    path.join(layout, 'index.json'),
    `${JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests }, null, 2)}\n`,
  );
}

/** Bytes that someone who has nothing of an image must fetch: manifest, configuration and layers. */
export async function imageSize(layout: string, described: Descriptor): Promise<number> {
  const parsed = parseManifest(await readFile(path.join(layout, blobPath(described.digest)), 'utf8'));
  const manifestSize = (await stat(path.join(layout, blobPath(described.digest)))).size;
  return [parsed.config, ...parsed.layers].reduce((sum, part) => sum + part.size, manifestSize);
}
