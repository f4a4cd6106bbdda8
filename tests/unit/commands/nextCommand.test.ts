import { expect, test } from '@jest/globals';
import { nextCommand } from '../../../src/commands/bundle/nextCommand.js';

test('the command after making a bundle names a network that the bundle has', () => {
  expect(nextCommand(['kubernetes', 'calico', 'flannel'], 'b')).toBe('k8slab create 1cp-2w --bundle b');
  expect(nextCommand(['kubernetes', 'flannel'], 'b')).toBe(
    'k8slab create 1cp-2w --set cni=flannel --bundle b',
  );
  expect(nextCommand(['kubernetes'], 'my bundle')).toBe("k8slab create 1cp-2w --bundle 'my bundle'");
});
