import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { bundleTime, requireBundle } from '../support/bundle.js';

/** No lab: only the bundle that the other scenarios boot from, so that they need not wait for it. */
test(
  'the bundle is there and every digest in it is right',
  async () => {
    expect(existsSync(path.join(await requireBundle('calico'), 'bundle.json'))).toBe(true);
  },
  bundleTime * 1000,
);
