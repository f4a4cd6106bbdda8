const byEnding: Readonly<Record<string, string>> = {
  deb: 'application/vnd.debian.binary-package',
  rpm: 'application/x-rpm',
  gz: 'application/gzip',
  tgz: 'application/gzip',
  xz: 'application/x-xz',
  zst: 'application/zstd',
  json: 'application/json',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  xml: 'application/xml',
  key: 'application/pgp-keys',
  asc: 'application/pgp-keys',
  gpg: 'application/pgp-signature',
};
const texts = new Set(['Packages', 'Release', 'InRelease']);

/** The media type of a download, by its name. */
export function contentType(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (texts.has(name)) return 'text/plain; charset=utf-8';
  return byEnding[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
}
