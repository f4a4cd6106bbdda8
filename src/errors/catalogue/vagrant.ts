import type { CatalogueEntry } from './entry.js';

export const vagrantEntries = {} satisfies Record<string, CatalogueEntry>;
