import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { mergeKubeconfig } from '../../../src/secrets/mergeKubeconfig.js';

const lab = (server: string): string => `apiVersion: v1
kind: Config
current-context: 1cp-2w
clusters: [{ name: 1cp-2w, cluster: { server: '${server}' } }]
contexts: [{ name: 1cp-2w, context: { cluster: 1cp-2w, user: 1cp-2w-admin } }]
users: [{ name: 1cp-2w-admin, user: { client-key-data: eA== } }]
`;

const own = `# mine
apiVersion: v1
kind: Config
current-context: work
preferences: { colors: true }
clusters:
  - name: work # the company's
    cluster: { server: 'https://work.example:6443' }
contexts:
  - { name: work, context: { cluster: work, user: me } }
users: null
`;

interface Kubeconfig {
  'current-context': string;
  clusters: { name: string; cluster: { server: string } }[];
  contexts: unknown[];
  users: unknown[];
}

const read = (text: string): Kubeconfig => parse(text) as Kubeconfig;

describe('mergeKubeconfig', () => {
  test('adds the lab, makes it current, and leaves the rest as it was', () => {
    const merged = mergeKubeconfig(own, lab('https://192.168.56.10:6443'), 'config');
    const { clusters, contexts, users, ...rest } = read(merged);
    expect(clusters.map(({ name }) => name)).toEqual(['work', '1cp-2w']);
    expect([contexts.length, users.length]).toEqual([2, 1]);
    expect(rest['current-context']).toBe('1cp-2w');
    expect(merged).toContain("# the company's");
  });

  test('merging again replaces by name', () => {
    const once = mergeKubeconfig(own, lab('https://192.168.56.10:6443'), 'config');
    const twice = mergeKubeconfig(once, lab('https://192.168.57.10:6443'), 'config');
    expect(read(twice).clusters.map(({ cluster }) => cluster.server)).toEqual([
      'https://work.example:6443',
      'https://192.168.57.10:6443',
    ]);
  });

  test('an empty file becomes a kubeconfig', () => {
    expect(read(mergeKubeconfig('\n', lab('https://a:6443'), 'config')).clusters).toHaveLength(1);
  });

  test.each([
    ['{', 'unbalanced'],
    ['- a list', 'a list'],
    ['clusters: 3', 'no list of clusters'],
  ])('refuses %j (%s) and names the file', (text) => {
    expect(() => mergeKubeconfig(text, lab('https://a:6443'), '/home/me/.kube/config')).toThrow(
      '/home/me/.kube/config is not a kubeconfig',
    );
  });
});
