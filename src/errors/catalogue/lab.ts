import type { CatalogueEntry } from './entry.js';
import { labBalancingEntries } from './lab/balancing.js';
import { labFileEntries } from './lab/file.js';
import { labMachineEntries } from './lab/machines.js';
import { labNetworkEntries } from './lab/networks.js';
import { labShapeEntries } from './lab/shape.js';

/** What can be wrong with a lab's description; entries of exit status 0 are warnings. */
export const labEntries = {
  ...labFileEntries,
  ...labShapeEntries,
  ...labNetworkEntries,
  ...labMachineEntries,
  ...labBalancingEntries,
} satisfies Record<string, CatalogueEntry>;
