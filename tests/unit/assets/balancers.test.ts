import { expect, test } from '@jest/globals';
import { loadAssets } from '../../../src/assets/load.js';

const { texts, loadBalancers } = await loadAssets();
const text = (form: string, file: string): string =>
  texts[`provision-scripts/load-balancer/${form}/${file}`] ?? `no ${form}/${file}`;

test.each(['haproxy.cfg.hbs', 'keepalived.conf.hbs', 'check-api'])(
  '%s says the same to services of systemd and to static pods',
  (file) => {
    expect(text('static-pods', file)).toBe(text('packages', file));
  },
);

test('forms whose images are pinned name a version, never latest', () => {
  const images = Object.values(loadBalancers)
    .flatMap(({ options }) => Object.values(options))
    .flatMap(({ default: value }) => (typeof value === 'string' && value.includes('/') ? [value] : []));
  expect(images).toHaveLength(3);
  for (const image of images) expect(image).toMatch(/^[a-z.]+\/[a-z/-]+:v?\d+\.\d+\.\d+(-alpine)?$/);
});
