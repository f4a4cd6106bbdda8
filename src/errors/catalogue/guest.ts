import type { CatalogueEntry } from './entry.js';

export const guestEntries = {} satisfies Record<string, CatalogueEntry>;
