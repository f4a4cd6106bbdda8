import type { FileTree, TreeFile } from '../../../../src/render/fileTree.js';

const names = [
  'Vagrantfile',
  'README.md',
  'provision/cp1.sh',
  'provision/cp1/kubeadm.yaml',
  'provision/worker1.sh',
];

/** Version `number` of a lab: every file names it on every line; every third version has one machine more. */
export function version(number: number): FileTree {
  const files = number % 3 === 0 ? [...names, 'provision/worker2/extra/hosts.conf'] : names;
  return new Map(
    files.map((name): [string, TreeFile] => [
      name,
      { content: `${name} version ${number}\n`.repeat(2000), mode: 0o644 },
    ]),
  );
}

/** The version a file's content is of; nothing unless every line is of the same one. */
export function versionOf(name: string, content: string): number | undefined {
  const number = Number(/version (\d+)/.exec(content)?.[1]);
  return content === `${name} version ${number}\n`.repeat(2000) ? number : undefined;
}
