import type { CatalogueEntry } from './entry.js';

export const hostEntries = {} satisfies Record<string, CatalogueEntry>;
