import { describe, expect, test } from '@jest/globals';
import { programAdvice } from '../../../src/commands/hostPrograms.js';

describe('advice about missing programs', () => {
  test('names the commands, and setup for the provider of the lab', () => {
    expect(programAdvice('lxc', [['apt-get', 'install', 'lxc']], [])).toEqual([
      'apt-get install lxc',
      'or let k8slab do it: k8slab setup --provider lxc',
    ]);
  });

  test('does not promise that setup installs what no package manager has', () => {
    const advice = programAdvice('virtualbox', [], ['Debian has no package of VirtualBox']);
    expect(advice[0]).toBe('Debian has no package of VirtualBox');
    expect(advice.join()).not.toContain('k8slab setup');
  });
});
