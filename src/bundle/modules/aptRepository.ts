import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { digestFile, digestText } from '../digest.js';
import type { BuildContext } from './context.js';
import type { BuiltPackage } from './debianPackage.js';
import { signRelease } from './signing.js';

const compress = promisify(gzip);

/**
 * Lays out a flat apt repository as pkgs.k8s.io does: `<arch>/<package>.deb`, Packages, Release, its signatures and the public
 * key. Gives the key's fingerprint. Throws BUNDLE_PACKAGE.
 * https://wiki.debian.org/DebianRepository/Format#Flat_Repository_Format
 */
export async function writeRepository(
  context: BuildContext,
  folder: string,
  packages: readonly BuiltPackage[],
  about: { label: string; date: Date },
): Promise<string> {
  await mkdir(path.join(folder, context.arch), { recursive: true });
  const paragraphs: string[] = [];
  for (const built of [...packages].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = `${context.arch}/${path.basename(built.file)}`;
    await copyFile(built.file, path.join(folder, name));
    const { size, sha256 } = await digestFile(built.file);
    paragraphs.push(paragraph(built.control, { Filename: name, Size: String(size), SHA256: sha256 }));
  }
  const list = paragraphs.join('\n');
  const packed = await compress(list, { level: 9 });
  await writeFile(path.join(folder, 'Packages'), list);
  await writeFile(path.join(folder, 'Packages.gz'), packed);
  const release = releaseText(context.arch, about, { Packages: Buffer.from(list), 'Packages.gz': packed });
  await writeFile(path.join(folder, 'Release'), release);
  return signRelease(context, folder);
}

/** The package's own fields, then where it lies; the description stays last, as it may have several lines. */
function paragraph(control: string, place: Record<string, string>): string {
  const description = control.indexOf('Description:');
  const fields = Object.entries(place).map(([name, value]) => `${name}: ${value}\n`);
  return control.slice(0, description) + fields.join('') + control.slice(description);
}

function releaseText(
  arch: string,
  { label, date }: { label: string; date: Date },
  lists: Record<string, Buffer>,
): string {
  const sums = Object.entries(lists).map(
    ([name, bytes]) => ` ${digestText(bytes)} ${bytes.length} ${name}\n`,
  );
  return [
    'Origin: k8slab\n',
    `Label: ${label}\n`,
    `Date: ${date.toUTCString().replace('GMT', 'UTC')}\n`,
    `Architectures: ${arch}\n`,
    'Description: Packages of a bundle for labs of k8slab\n',
    'SHA256:\n',
    ...sums,
  ].join('');
}
