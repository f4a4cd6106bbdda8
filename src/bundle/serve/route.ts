import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Bundle } from '../bundle.js';
import { contentType } from './contentType.js';
import type { Images } from './images.js';
import { sendContent, sendJson, sendText, type Content } from './respond.js';

/** What a server offers. */
export interface Offer {
  folder: string;
  bundle: Bundle;
  /** bundle.json as it lies in the folder. */
  document: Content;
  files: ReadonlyMap<string, Content>;
  images: Images;
}

/** The downloads of a bundle by their path, `files/<host>/<path>`. */
export function filesOf(bundle: Bundle): Map<string, Content> {
  return new Map(
    bundle.files.map((file) => [file.path, { ...file, type: contentType(file.path), headers: {} }]),
  );
}

/** Answers one request. What is not named in bundle.json does not exist; nothing can be changed. */
export async function answer(
  offer: Offer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { path, query } = parseTarget(request.url ?? '');
  const registry = path === 'v2' || path.startsWith('v2/');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    if (registry) sendError(response, 405, 'UNSUPPORTED', 'this registry is read-only');
    else sendText(response, 405, 'A bundle is read-only.');
    return;
  }
  if (registry) {
    await answerRegistry(offer, path, query, request, response);
    return;
  }
  const content = path === 'bundle.json' ? offer.document : offer.files.get(path);
  if (content !== undefined) await sendContent(offer.folder, content, request, response);
  else if (path === '') sendText(response, 200, about(offer.bundle));
  else sendText(response, 404, 'The bundle has no such file.');
}

/**
 * The pull side of the distribution API. containerd asks a mirror with `?ns=<registry>` for the rest of an image's name;
 * without it the name is taken to be whole. Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
async function answerRegistry(
  { folder, images }: Offer,
  path: string,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (path === 'v2' || path === 'v2/') {
    sendJson(response, 200, {}, { 'Docker-Distribution-Api-Version': 'registry/2.0' });
    return;
  }
  const match = /^v2\/(.+)\/(manifests|blobs|tags)\/([^/]+)$/.exec(path);
  const [, name = '', kind = '', reference = ''] = match ?? [];
  const registry = query.get('ns') ?? '';
  const repository = images.repositories.get(registry === '' ? name : `${registry}/${name}`);
  if (repository === undefined) {
    sendError(response, 404, 'NAME_UNKNOWN', 'the bundle has no image of this name');
    return;
  }
  if (kind === 'tags' && reference === 'list') {
    const tags = [...repository.keys()].filter((tag) => !tag.includes(':')).sort();
    sendJson(response, 200, { name, tags });
    return;
  }
  const content = kind === 'manifests' ? repository.get(reference) : images.blobs.get(reference);
  if (content !== undefined && kind !== 'tags') await sendContent(folder, content, request, response);
  else {
    const code = kind === 'manifests' ? 'MANIFEST_UNKNOWN' : 'BLOB_UNKNOWN';
    sendError(response, 404, code, 'the bundle has this image, but not this part of it');
  }
}

function sendError(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { errors: [{ code, message }] });
}

/** The decoded path without its leading slash, and the query. A path that cannot be decoded names nothing. */
function parseTarget(target: string): { path: string; query: URLSearchParams } {
  const mark = target.indexOf('?');
  const raw = mark === -1 ? target : target.slice(0, mark);
  const query = new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1));
  try {
    return { path: decodeURIComponent(raw).replace(/^\//, ''), query };
  } catch {
    return { path: raw, query };
  }
}

function about({ name, platform, files, images }: Bundle): string {
  return `k8slab bundle ${name} for ${platform}: ${files.length} files, ${images.length} images. /bundle.json lists them.`;
}
