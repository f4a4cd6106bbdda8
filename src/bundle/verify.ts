import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { inParallel } from '../write/inParallel.js';
import type { Bundle } from './bundle.js';
import { digestFile } from './digest.js';
import { listFiles, readBundle } from './document.js';
import { exists } from '../write/exists.js';
import { blobPath, nameAnnotation, parseIndex, parseManifest, type Descriptor } from './oci.js';

/** Something wrong with one file of a bundle; `path` is below its folder, with forward slashes. */
export interface BundleFinding {
  path: string;
  problem: 'missing' | 'size' | 'sha256' | 'unlisted' | 'unreadable';
  /** A sentence for people. */
  message: string;
}

/**
 * Reads every file and blob of a bundle and compares it with what bundle.json, the index and the manifests say. No finding: whole and
 * unchanged. `onChecked` is told of each file that was read. Throws BUNDLE_NOT_FOUND.
 */
export async function verifyBundle(
  folder: string,
  onChecked?: (path: string) => void,
): Promise<BundleFinding[]> {
  const bundle = await readBundle(folder);
  const check = checker(folder, onChecked);
  const files = await inParallel(bundle.files, (file) => check(file.path, file.size, file.sha256));
  const listed = new Set(bundle.files.map((file) => file.path));
  const unlisted = (await listFiles(folder, 'files'))
    .filter((file) => !listed.has(file))
    .map((file) => finding(file, 'unlisted', `${file} is not in bundle.json.`));
  return [...files.flat(), ...unlisted, ...(await verifyImages(folder, bundle, check))];
}

type Check = (file: string, size: number | undefined, sha256: string) => Promise<BundleFinding[]>;

function checker(folder: string, onChecked?: (path: string) => void): Check {
  return async (file, size, sha256) => {
    const found = await digestFile(path.join(folder, file)).catch(() => undefined);
    onChecked?.(file);
    if (found === undefined) {
      const there = await exists(path.join(folder, file));
      return [
        there
          ? finding(file, 'unreadable', `${file} cannot be read.`)
          : finding(file, 'missing', `${file} is missing.`),
      ];
    }
    if (size !== undefined && size !== found.size) {
      return [finding(file, 'size', `${file} has ${found.size} bytes instead of ${size}.`)];
    }
    if (sha256 !== found.sha256)
      return [
        finding(file, 'sha256', `${file} has another content: sha256 ${found.sha256} instead of ${sha256}.`),
      ];
    return [];
  };
}

async function verifyImages(folder: string, bundle: Bundle, check: Check): Promise<BundleFinding[]> {
  const findings: BundleFinding[] = [];
  const inIndex = new Map<string, Descriptor>();
  try {
    const text = await readFile(path.join(folder, 'oci', 'index.json'), 'utf8');
    for (const described of parseIndex(text).manifests) {
      const name = described.annotations?.[nameAnnotation];
      if (name !== undefined) inIndex.set(name, described);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [finding('oci/index.json', 'unreadable', `oci/index.json cannot be read: ${reason}.`)];
  }
  for (const image of bundle.images) {
    if (inIndex.get(image.name)?.digest !== image.digest) {
      findings.push(
        finding(
          'oci/index.json',
          'missing',
          `The image ${image.name} (${image.digest}) is not in oci/index.json.`,
        ),
      );
    }
  }
  const manifests = new Map(bundle.images.map((image) => [image.digest, undefined]));
  for (const described of inIndex.values()) manifests.set(described.digest, undefined);
  const blobs = new Map<string, number | undefined>();
  for (const digest of manifests.keys()) {
    const wrong = await checkBlob(check, digest, undefined);
    findings.push(...wrong);
    if (wrong.length > 0) continue;
    const manifest = parseManifest(await readFile(path.join(folder, 'oci', blobPath(digest)), 'utf8'));
    for (const part of [manifest.config, ...manifest.layers]) blobs.set(part.digest, part.size);
  }
  const rest = await inParallel([...blobs], ([digest, size]) => checkBlob(check, digest, size));
  return [...findings, ...rest.flat()];
}

function checkBlob(check: Check, digest: string, size: number | undefined): Promise<BundleFinding[]> {
  return check(`oci/${blobPath(digest)}`, size, digest.replace(/^sha256:/, ''));
}

function finding(file: string, problem: BundleFinding['problem'], message: string): BundleFinding {
  return { path: file, problem, message };
}
