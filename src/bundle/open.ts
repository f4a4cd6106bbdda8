import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { K8slabError } from '../errors/error.js';
import type { BundleFacts } from '../plan/bundle.js';
import { inParallel } from '../write/inParallel.js';
import { bundleDocument, type Bundle } from './bundle.js';
import { digestText } from './digest.js';
import { readBundle } from './document.js';
import { imagesIn } from './modules/imageNames.js';
import { damaged } from './serve/respond.js';

/** Seconds that a server gets to answer. */
const patience = 20;

/**
 * Reads what planning needs to know of a bundle: its document, and the images that manifests in it name. Takes a folder,
 * or the URL that `bundle serve` prints. Throws BUNDLE_NOT_FOUND, BUNDLE_DAMAGED, BUNDLE_UNREACHABLE.
 */
export async function openBundle(location: string, signal?: AbortSignal): Promise<BundleFacts> {
  if (!isUrl(location)) {
    const folder = path.resolve(location);
    const document = await readBundle(folder);
    return { location: folder, ...(await facts(document, (file) => readLocal(folder, file))) };
  }
  const url = location.replace(/\/+$/, '');
  const read = (file: string): Promise<string> => readRemote(url, file, signal);
  return { location: url, ...(await facts(parse(url, await read('bundle.json')), read)) };
}

/** Whether a bundle is on another computer, or served there by this one. */
export function isUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

type Read = (file: string) => Promise<string>;

async function facts(document: Bundle, read: Read): Promise<Omit<BundleFacts, 'location'>> {
  const manifests = document.files.filter((file) => /\.ya?ml$/.test(file.path));
  const images = await inParallel(manifests, async (file) => {
    const text = await read(file.path);
    if (digestText(text) !== file.sha256)
      throw new K8slabError('BUNDLE_DAMAGED', `${file.path} of the bundle is not what bundle.json says.`);
    return [file.path, imagesIn(text)] as const;
  });
  return { document, imagesOf: Object.fromEntries(images) };
}

async function readLocal(folder: string, file: string): Promise<string> {
  return readFile(path.join(folder, file), 'utf8').catch((error: unknown) => {
    throw damaged(folder, `${file} cannot be read.`, error);
  });
}

async function readRemote(url: string, file: string, signal?: AbortSignal): Promise<string> {
  const timeout = AbortSignal.timeout(patience * 1000);
  try {
    const response = await fetch(`${url}/${file}`, {
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return await response.text();
  } catch (cause) {
    signal?.throwIfAborted();
    throw new K8slabError('BUNDLE_UNREACHABLE', `${url}/${file} cannot be read: ${reason(cause)}.`, {
      cause,
    });
  }
}

/** `fetch failed` says nothing; its cause does. */
function reason(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return `no answer within ${patience} s`;
  const { message: why, code } = (cause ?? {}) as NodeJS.ErrnoException;
  return [why, code, message].find((text) => text !== undefined && text !== '') ?? String(error);
}

function parse(url: string, text: string): Bundle {
  try {
    return bundleDocument.parse(JSON.parse(text));
  } catch (cause) {
    throw new K8slabError(
      'BUNDLE_UNREACHABLE',
      `${url} is not a bundle: its bundle.json cannot be understood.`,
      { cause },
    );
  }
}
