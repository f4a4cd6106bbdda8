import type { CatalogueEntry } from './entry.js';

export const planEntries = {} satisfies Record<string, CatalogueEntry>;
