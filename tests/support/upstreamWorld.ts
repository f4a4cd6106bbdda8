/** Fills the imitation with everything that a lab downloads, laid out as the real hosts do it. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { loadAssets } from '../../src/assets/load.js';
import type { Assets } from '../../src/assets/manifests.js';
import { parseLab } from '../../src/lab/parse.js';
import type { Cluster } from '../../src/plan/cluster.js';
import { planCluster } from '../../src/plan/plan.js';
import { laptop } from '../unit/plan/assets.js';
import { redirect, send, type Answer, type Imitation } from './upstreamImitation.js';

export function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Bytes that do not compress and are the same each time. */
export function bytesFor(name: string, size: number): Buffer {
  const blocks: Buffer[] = [];
  for (let length = 0; length < size; length += 32) {
    blocks.push(createHash('sha256').update(`${name} ${length}`).digest());
  }
  return Buffer.concat(blocks).subarray(0, size);
}

let loaded: Promise<Assets> | undefined;

/** The plan of a lab with the folders of this package. */
export async function planOf(text: string): Promise<Cluster> {
  const assets = await (loaded ??= loadAssets());
  return planCluster(parseLab(text, 'lab.yaml', assets), laptop, assets);
}

export const labText = 'name: one\ncontrolPlanes: 1\nworkers: 2\nkubernetes: {version: "1.36"}\n';
/** From `facts`: the newest patch of that minor the program knows. */
export const repository = 'https://pkgs.k8s.io/core:/stable:/v1.36/deb';
export const cdn = 'https://prod-cdn.packages.k8s.io/repositories/isv:/kubernetes:/core:/stable:/v1.36/deb';

export interface ImageOptions {
  arch?: string;
  /** Without an index above it, and in Docker's own media types. */
  plain?: boolean;
  layers?: Buffer[];
}

export interface PutImage {
  index: Buffer;
  manifest: Buffer;
  manifestDigest: string;
  layers: Buffer[];
  config: Buffer;
}

const oci = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
};
const docker = {
  index: 'application/vnd.docker.distribution.manifest.list.v2+json',
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
};

/** Where a registry keeps what: the address of documents and of blobs, after its redirects. */
export interface Shelf {
  manifests: string;
  blobs: string;
}

export function shelfOf(image: string): Shelf {
  const [, host = '', path = ''] = /^([^/]+)\/([^:@]+)/.exec(image) ?? [];
  if (host === 'registry.k8s.io') {
    return {
      manifests: `https://europe-west4-docker.pkg.dev/v2/k8s-artifacts-prod/images/${path}/manifests`,
      blobs: 'https://prod-registry.s3.example.org/containers/images',
    };
  }
  const registry = host === 'docker.io' ? 'registry-1.docker.io' : host;
  const store = { 'quay.io': 'cdn01.quay.io', 'docker.io': 'production.cloudflare.docker.com' }[host];
  const blobs = store === undefined ? `https://${registry}/v2/${path}/blobs` : `https://${store}/data`;
  return { manifests: `https://${registry}/v2/${path}/manifests`, blobs };
}

/** Puts an image on its registry's shelf: for two processors, with an index above, unless asked otherwise. */
export function putImage(imitation: Imitation, image: string, options: ImageOptions = {}): PutImage {
  const { arch = 'amd64', plain = false, layers = [bytesFor(`layer of ${image}`, 40_000)] } = options;
  const types = plain ? docker : oci;
  const shelf = shelfOf(image);
  const config = Buffer.from(
    JSON.stringify({ architecture: arch, os: 'linux', rootfs: { type: 'layers', diff_ids: [] }, image }),
  );
  const described = (mediaType: string, bytes: Buffer): Record<string, unknown> => ({
    mediaType,
    digest: `sha256:${sha256(bytes)}`,
    size: bytes.length,
  });
  for (const blob of [config, ...layers]) imitation.put(`${shelf.blobs}/sha256:${sha256(blob)}`, blob);
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: types.manifest,
      config: described(types.config, config),
      layers: layers.map((layer) => described(types.layer, layer)),
    }),
  );
  const manifestDigest = `sha256:${sha256(manifest)}`;
  const other = { mediaType: types.manifest, digest: `sha256:${'0'.repeat(64)}`, size: 500 };
  const index = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: types.index,
      manifests: [
        { ...other, platform: { architecture: 'unknown', os: 'unknown' } },
        { ...other, platform: { architecture: 's390x', os: 'linux' } },
        { ...described(types.manifest, manifest), platform: { architecture: arch, os: 'linux' } },
      ],
    }),
  );
  const tag = /:([^:/]+)$/.exec(image)?.[1] ?? 'latest';
  putDocument(imitation, `${shelf.manifests}/${manifestDigest}`, types.manifest, manifest);
  if (plain) putDocument(imitation, `${shelf.manifests}/${tag}`, types.manifest, manifest);
  else putDocument(imitation, `${shelf.manifests}/${tag}`, types.index, index);
  return { index, manifest, manifestDigest, layers, config };
}

export function putDocument(
  imitation: Imitation,
  url: string,
  mediaType: string,
  content: Buffer | string,
): void {
  imitation.put(url, content, {
    'content-type': mediaType,
    'docker-content-digest': `sha256:${sha256(content)}`,
  });
}

/** Ways of the hosts: redirects, tokens, stores that refuse a token. */
function setUpHosts(imitation: Imitation): void {
  imitation.onHost('pkgs.k8s.io', (exchange) => {
    const to = `https://prod-cdn.packages.k8s.io/repositories/isv:/kubernetes:${exchange.seen.path}`;
    redirect(to)(exchange);
  });
  imitation.onHost('registry.k8s.io', (exchange) => {
    const [, name = '', kind = '', reference = ''] =
      /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(exchange.seen.path) ?? [];
    const shelf = shelfOf(`registry.k8s.io/${name}`);
    redirect(`${kind === 'manifests' ? shelf.manifests : shelf.blobs}/${reference}`, 307)(exchange);
  });
  imitation.onHost('quay.io', registry('quay.io', 'https://quay.io/v2/auth', 'https://cdn01.quay.io/data'));
  imitation.onHost(
    'registry-1.docker.io',
    registry(
      'registry.docker.io',
      'https://auth.docker.io/token',
      'https://production.cloudflare.docker.com/data',
    ),
  );
  imitation.onHost('auth.docker.io', giveToken);
  for (const store of ['cdn01.quay.io', 'production.cloudflare.docker.com', 'prod-registry.s3.example.org']) {
    imitation.onHost(store, ({ seen, response, usual }) => {
      // As such stores do: the address is signed, and a second way of proving oneself is an error.
      if (seen.authorization === undefined) usual();
      else send(response, seen, 400, 'Only one auth mechanism allowed');
    });
  }
  imitation.onHost('github.com', (exchange) => {
    redirect(`https://release-assets.githubusercontent.com${exchange.seen.path}?signature=x`)(exchange);
  });
}

const giveToken: Answer = ({ request, response, seen }) => {
  const scope = new URL(request.url ?? '', 'http://x').searchParams.get('scope') ?? '';
  const body = JSON.stringify({ token: Buffer.from(`for ${scope}`).toString('base64url'), expires_in: 300 });
  send(response, seen, 200, body, { 'content-type': 'application/json' });
};

function registry(service: string, realm: string, store: string): Answer {
  return (exchange) => {
    const { seen, response, usual } = exchange;
    if (seen.path.startsWith('/v2/auth')) {
      giveToken(exchange);
      return;
    }
    const [, name = '', kind = '', reference = ''] =
      /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(seen.path) ?? [];
    const scope = `repository:${name}:pull`;
    const wanted = `Bearer ${Buffer.from(`for ${scope}`).toString('base64url')}`;
    if (seen.authorization !== wanted) {
      const challenge = `Bearer realm="${realm}",service="${service}",scope="${scope}"`;
      send(response, seen, 401, '{"errors":[{"code":"UNAUTHORIZED"}]}', { 'www-authenticate': challenge });
    } else if (kind === 'blobs') redirect(`${store}/${reference}?verify=signed`, 307)(exchange);
    else usual();
  };
}

export interface Deb {
  name: string;
  version: string;
  arch?: string;
  depends?: string;
}

/** Lays out a flat apt repository; `sign` makes InRelease and Release.gpg of a Release. */
export function aptRepositoryFiles(
  debs: readonly Deb[],
  contentOf: (deb: Deb) => Buffer = (deb) => bytesFor(`${deb.name} ${deb.version}`, 30_000),
): Record<string, Buffer> {
  const files: Record<string, Buffer> = {};
  const paragraphs = debs.map((deb) => {
    const { name, version, arch = 'amd64', depends } = deb;
    const file = `${arch}/${name}_${version}_${arch}.deb`;
    const bytes = contentOf(deb);
    files[file] = bytes;
    return [
      `Package: ${name}`,
      `Version: ${version}`,
      `Architecture: ${arch}`,
      ...(depends === undefined ? [] : [`Depends: ${depends}`]),
      `Filename: ${file}`,
      `Size: ${bytes.length}`,
      `SHA256: ${sha256(bytes)}`,
      'Description: A package',
      ' that does nothing.',
      '',
    ].join('\n');
  });
  const list = Buffer.from(paragraphs.join('\n'));
  const lists = { Packages: list, 'Packages.gz': gzipSync(list) };
  const sums = (kind: 'md5' | 'sha256'): string =>
    Object.entries(lists)
      .map(([name, bytes]) => ` ${createHash(kind).update(bytes).digest('hex')} ${bytes.length} ${name}\n`)
      .join('');
  const date = new Date().toUTCString().replace('GMT', 'UTC');
  const release = `Origin: obs\nDate: ${date}\nArchitectures: amd64 arm64\nMD5Sum:\n${sums('md5')}SHA256:\n${sums('sha256')}`;
  return { ...files, ...lists, Release: Buffer.from(release) };
}

export const debs = (version: string): Deb[] => [
  { name: 'cri-tools', version: '1.36.0-1.1' },
  { name: 'cri-tools', version: '1.35.9-1.1' },
  { name: 'kubeadm', version: `${version}-1.1`, depends: 'cri-tools (>= 1.30.0)' },
  { name: 'kubeadm', version: `${version}-2.1`, depends: 'cri-tools (>= 1.30.0)' },
  { name: 'kubeadm', version: `${version}-2.1`, arch: 'arm64' },
  { name: 'kubeadm', version: '1.36.0-1.1' },
  { name: 'kubectl', version: `${version}-1.1` },
  {
    name: 'kubelet',
    version: `${version}-1.1`,
    depends: 'iptables (>= 1.4.21),kubernetes-cni (>= 1.2.0), mount | util-linux',
  },
  { name: 'kubelet', version: '1.36.0-1.1' },
  { name: 'kubernetes-cni', version: '1.9.1-1.1' },
  { name: 'kubernetes-cni', version: '1.1.0-1.1' },
];

/** Of the form of a signed document; the signature is none. Where no gpg is asked it does. */
export function unsignedInRelease(release: Buffer): Buffer {
  const text = release.toString();
  return Buffer.from(
    `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${text}-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n`,
  );
}

/** Everything for a lab; gives its plan with the checksums of what the imitation serves. */
export async function furnish(imitation: Imitation, text: string = labText): Promise<Cluster> {
  setUpHosts(imitation);
  const cluster = await planOf(text);
  const version = cluster.kubernetes?.version ?? '';
  const apt = aptRepositoryFiles(debs(version));
  const files: Record<string, Buffer> = {
    ...apt,
    InRelease: unsignedInRelease(apt.Release ?? Buffer.alloc(0)),
    'Release.gpg': Buffer.from('none'),
    'Release.key': Buffer.from('a key'),
  };
  for (const [name, bytes] of Object.entries(files)) imitation.put(`${cdn}/${name}`, bytes);
  for (const image of cluster.images) {
    putImage(imitation, image, { plain: image.includes('coredns'), layers: layersOf(image) });
  }
  return {
    ...cluster,
    sources: cluster.sources.map((source) => {
      if (source.kind !== 'file') return source;
      const bytes = source.url.endsWith('.yaml')
        ? calicoManifest(cluster.images)
        : bytesFor(source.url, 60_000);
      imitation.put(
        source.url.replace('https://github.com/', 'https://release-assets.githubusercontent.com/'),
        bytes,
      );
      return { ...source, sha256: sha256(bytes) };
    }),
  };
}

function layersOf(image: string): Buffer[] {
  const shared = bytesFor('a layer that images share', 50_000);
  return [shared, bytesFor(`layer of ${image}`, image.includes('/etcd:') ? 2_000_000 : 40_000)];
}

export function calicoManifest(images: readonly string[], more: readonly string[] = []): Buffer {
  const lines = [...images.filter((image) => image.includes('calico')), ...more];
  return Buffer.from(
    ['kind: DaemonSet', 'spec:', '  containers:', ...lines.map((image) => `    - image: ${image}`), ''].join(
      '\n',
    ),
  );
}
