import { boxEntries } from './box.js';
import { bundleEntries } from './bundle.js';
import { bundleUpstreamEntries } from './bundleUpstream.js';
import { bundleUseEntries } from './bundleUse.js';
import { drillEntries } from './drill.js';
import type { CatalogueEntry, ExitStatus } from './entry.js';
import { folderEntries } from './folder.js';
import { guestEntries } from './guest.js';
import { hostEntries } from './host.js';
import { k8sEntries } from './k8s.js';
import { labEntries } from './lab.js';
import { planEntries } from './plan.js';
import { renderEntries } from './render.js';
import { vagrantEntries } from './vagrant.js';

export type { CatalogueEntry, ExitStatus };

const entries = {
  ...labEntries,
  ...folderEntries,
  ...planEntries,
  ...renderEntries,
  ...hostEntries,
  ...vagrantEntries,
  ...guestEntries,
  ...k8sEntries,
  ...drillEntries,
  ...boxEntries,
  ...bundleEntries,
  ...bundleUpstreamEntries,
  ...bundleUseEntries,
} satisfies Record<string, CatalogueEntry>;

/** The stable code of an error or finding: words, prefixed by the stage it comes from. */
export type ErrorCode = keyof typeof entries;

/** Everything k8slab can say is wrong, by code. */
export const catalogue: Readonly<Record<ErrorCode, CatalogueEntry>> = entries;
