import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import type { Patience } from '../vagrant/processGroup.js';
import { vagrantBoxAdd } from '../vagrant/vagrant.js';
import { writeAtomic } from '../write/atomic.js';

export interface AddBoxOptions {
  /** What `config.vm.box` says. */
  name: string;
  version: string;
  provider: string;
  env?: Record<string, string | undefined> | undefined;
  patience?: Patience | undefined;
  logFile: string;
  onLine: (line: string) => void;
  signal: AbortSignal;
}

/** Adds a box with a version, which Vagrant takes only from a metadata document beside the box. */
export async function addBox(file: string, options: AddBoxOptions): Promise<void> {
  const { name, version, provider, ...call } = options;
  const sha256 = createHash('sha256');
  await pipeline(createReadStream(file), sha256);
  const box = {
    name: provider,
    url: pathToFileURL(file).href,
    checksum_type: 'sha256',
    checksum: sha256.digest('hex'),
  };
  const metadata = { name, versions: [{ version, providers: [box] }] };
  const document = `${file.slice(0, -'.box'.length)}.json`;
  await writeAtomic(document, `${JSON.stringify(metadata, undefined, 2)}\n`, 0o644);
  try {
    await vagrantBoxAdd(document, provider, call);
  } finally {
    await rm(document, { force: true });
  }
}
