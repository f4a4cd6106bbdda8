import { z } from 'zod';
import { mediaTypes, parseManifest, type Manifest } from '../oci.js';

/** What is asked for, and what is understood; Docker's forms carry the same content as OCI's. */
const indexTypes: readonly string[] = [
  mediaTypes.index,
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const manifestTypes: readonly string[] = [
  mediaTypes.manifest,
  'application/vnd.docker.distribution.manifest.v2+json',
];
const configTypes: readonly string[] = [mediaTypes.config, 'application/vnd.docker.container.image.v1+json'];
const layerTypes = [
  /^application\/vnd\.oci\.image\.layer\.(nondistributable\.)?v1\.tar(\+(gzip|zstd))?$/,
  /^application\/vnd\.docker\.image\.rootfs\.diff\.tar(\.(gzip|zstd))?$/,
];

export const accept = [...indexTypes, ...manifestTypes].join(', ');

const document = z.looseObject({ schemaVersion: z.number(), mediaType: z.string().optional() });
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const index = z.looseObject({
  manifests: z
    .array(
      z.looseObject({
        mediaType: z.string(),
        digest,
        size: z.int().nonnegative(),
        platform: z
          .looseObject({ os: z.string(), architecture: z.string(), variant: z.string().optional() })
          .optional(),
      }),
    )
    .max(1000),
});
const config = z.looseObject({ os: z.string(), architecture: z.string() });

export type IndexEntry = z.infer<typeof index>['manifests'][number];

/** A registry's document, told apart; `wrong` is a sentence's end about one that is no image. */
export type Understood =
  | { kind: 'index'; mediaType: string; entries: IndexEntry[] }
  | { kind: 'manifest'; mediaType: string; manifest: Manifest }
  | { kind: 'wrong'; wrong: string };

/** Reads a manifest or an index; `contentType` is the header of its answer. */
export function understand(bytes: Buffer, contentType: string | null): Understood {
  try {
    return understandParsed(bytes.toString('utf8'), contentType);
  } catch {
    return { kind: 'wrong', wrong: 'sends a manifest that cannot be read' };
  }
}

function understandParsed(text: string, contentType: string | null): Understood {
  const parsed = document.parse(JSON.parse(text));
  const header = contentType?.split(';')[0]?.trim().toLowerCase();
  const mediaType = parsed.mediaType ?? header ?? '';
  const known = [...indexTypes, ...manifestTypes];
  // A general header, such as application/json, says nothing; another manifest's type says that something is wrong.
  if (header !== undefined && known.includes(header) && header !== mediaType) {
    return { kind: 'wrong', wrong: `sends a manifest that calls itself ${mediaType} as ${header}` };
  }
  if (parsed.schemaVersion !== 2)
    return { kind: 'wrong', wrong: 'has the image in a form that is no longer used (schema 1)' };
  if (indexTypes.includes(mediaType)) {
    return { kind: 'index', mediaType, entries: index.parse(JSON.parse(text)).manifests };
  }
  if (!manifestTypes.includes(mediaType)) {
    return { kind: 'wrong', wrong: `sends ${JSON.stringify(mediaType)} instead of an image’s manifest` };
  }
  const manifest = parseManifest(text);
  const odd = [
    ...(configTypes.includes(manifest.config.mediaType) ? [] : [manifest.config.mediaType]),
    ...manifest.layers
      .map((layer) => layer.mediaType)
      .filter((type) => !layerTypes.some((form) => form.test(type))),
  ][0];
  if (odd !== undefined)
    return { kind: 'wrong', wrong: `has no container image under this name, but ${JSON.stringify(odd)}` };
  return { kind: 'manifest', mediaType, manifest };
}

/** The entry of an index for linux and this processor; of several arm64 variants the plain one or v8. */
export function entryFor(entries: readonly IndexEntry[], arch: string): IndexEntry | undefined {
  return entries.find(
    ({ platform, mediaType }) =>
      manifestTypes.includes(mediaType) &&
      platform?.os === 'linux' &&
      platform.architecture === arch &&
      [undefined, '', 'v8'].includes(platform.variant),
  );
}

/** What an image's configuration says it is for; nothing when it cannot be read. */
export function platformOf(text: string): { os: string; architecture: string } | undefined {
  try {
    return config.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
