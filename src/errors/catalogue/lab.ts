import type { CatalogueEntry } from './entry.js';

export const labEntries = {
  LAB_SYNTAX: {
    title: 'The lab file is not valid YAML',
    exit: 2,
    meaning: 'The file could not be read as YAML, so nothing of it was used.',
    why: 'Usually a missing colon, a tab used for indentation, or a quote that is not closed.',
    fix: ['Correct the line that the message points at.'],
  },
} satisfies Record<string, CatalogueEntry>;
