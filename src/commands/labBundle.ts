import { existsSync } from 'node:fs';
import type { BundleFacts } from '../plan/bundle.js';
import type { BundleServer } from '../bundle/serve/serve.js';
import type { LabContext } from '../vagrant/lab.js';
import type { Reporter } from '../vagrant/progress.js';
import { labPaths } from '../write/labFolder.js';
import { bundleFactsDocument, readState } from '../write/stateStore.js';
import type { Decisions } from '../plan/host.js';

/** What `--bundle` is given to take a lab's downloads from the internet, whatever this host thinks of reaching it. */
export const none = 'none';

/**
 * The bundle of a lab: the one that `--bundle` names, else the one decided for its folder before. Where that cannot be
 * read just now (a disk that is not plugged in), what was known of it when the folder was written last still counts: its
 * machines may be there already. Throws BUNDLE_NOT_FOUND, BUNDLE_DAMAGED, BUNDLE_UNREACHABLE.
 */
export async function bundleOf(
  asked: string | undefined,
  folder: string | undefined,
  decisions: Decisions | undefined,
): Promise<BundleFacts | undefined> {
  const location = asked ?? decisions?.bundle;
  if (location === undefined || location === none || location === '') return undefined;
  const { openBundle } = await import('../bundle/open.js');
  try {
    return await openBundle(location);
  } catch (error) {
    if (asked !== undefined || folder === undefined) throw error;
    const known = await readState(labPaths(folder).state, bundleFactsDocument);
    if (known?.location !== location) throw error;
    return known;
  }
}

/** The server of a lab's local bundle, for as long as machines are set up. */
export interface MirrorServer {
  /** Starts it, once; nothing to do for labs without a bundle on this host. */
  start: () => Promise<void>;
  /** Lets downloads under way finish, and ends it. */
  stop: () => Promise<void>;
}

/** How long the host's address in the lab's network may take to appear once a machine has booted, in milliseconds. */
const patience = 30_000;

/** A server that is started before the first machine is set up: by then the lab's network is there. */
export function mirrorServer({ cluster }: LabContext, report: Reporter, signal: AbortSignal): MirrorServer {
  const { bundle, box, networking } = cluster;
  let noted = false;
  let server: Promise<BundleServer> | undefined;
  const serve = async (location: string, port: number): Promise<BundleServer> => {
    const { serveBundle } = await import('../bundle/serve/serve.js');
    const address = networking.hostOnly.hostAddress;
    const started = await serveBundle({ folder: location, address, port, waitMs: patience, signal });
    await report({ type: 'note', text: `The bundle ${bundle?.name ?? ''} is served at ${started.url}.` });
    return started;
  };
  return {
    start: async () => {
      if (bundle?.port === undefined) return;
      if (box.baked !== undefined && !existsSync(bundle.location)) {
        const text = `The bundle ${bundle.name} is not there; what was baked into the box serves.`;
        if (!noted) await report({ type: 'note', text });
        noted = true;
        return;
      }
      server ??= serve(bundle.location, bundle.port);
      await server;
    },
    stop: async () => {
      const started = await server?.catch(() => undefined);
      await started?.close();
    },
  };
}
