import type { KnownFailure } from './knownFailure.js';

/** Boxes that cannot be had. */
export const boxFailures: readonly KnownFailure[] = [
  {
    code: 'VAGRANT_BOX_NOT_FOUND',
    pattern: /The box '([^']+)' could not be found or could not be accessed in the remote catalog/,
    message: 'The box “$1” was not found.',
  },
  {
    code: 'VAGRANT_BOX_NOT_FOUND',
    pattern: /The box you're attempting to add (?:has no available version|doesn't support the)/,
    message: 'The box exists, but not in the version or for the provider that the lab wants.',
  },
  {
    code: 'VAGRANT_BOX_NOT_FOUND',
    pattern:
      /error occurred while downloading the remote file.*?(The requested URL returned error: \d+|Couldn't open file \S+)/,
    message: 'The box could not be downloaded: $1',
  },
  {
    code: 'VAGRANT_BOX_DAMAGED',
    pattern: /checksum of the downloaded box did not match|The metadata for the box was malformed/,
    message: 'What was downloaded is not the box it should be.',
  },
];
