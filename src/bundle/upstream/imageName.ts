/** An image's name, taken apart. */
export interface ImageName {
  /** As the cluster asks for it, with host and tag. */
  full: string;
  /** Of the registry's API: `registry-1.docker.io` for docker.io. */
  host: string;
  /** `calico/node` */
  repository: string;
  /** Tag or digest. */
  reference: string;
  /** When the name fixes it. */
  digest?: string;
}

const part = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const repositoryForm = new RegExp(`^${part}(?:/${part})*$`);
const hostForm = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/;
const tagForm = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const digestForm = /^sha256:[0-9a-f]{64}$/;

/**
 * Reads a name as containerd does: without a host it is of docker.io, without a folder there of library, without a tag latest.
 * Nothing when it is not an image's name. https://github.com/distribution/reference
 */
export function parseImageName(text: string): ImageName | undefined {
  const [, before = '', digest] = /^([^@]*)(?:@(.*))?$/.exec(text) ?? [];
  const colon = before.lastIndexOf(':');
  const tagged = colon > before.lastIndexOf('/');
  const tag = tagged ? before.slice(colon + 1) : digest === undefined ? 'latest' : undefined;
  const path = tagged ? before.slice(0, colon) : before;
  const slash = path.indexOf('/');
  const first = path.slice(0, Math.max(slash, 0));
  const hasHost = first === 'localhost' || /[.:]/.test(first);
  const host = hasHost ? first : 'docker.io';
  const rest = hasHost ? path.slice(slash + 1) : path;
  const repository = host === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  const fits =
    hostForm.test(host) &&
    repositoryForm.test(repository) &&
    repository.length <= 255 &&
    (tag === undefined || tagForm.test(tag)) &&
    (digest === undefined || digestForm.test(digest));
  if (!fits) return undefined;
  const end = `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  return {
    full: `${host}/${repository}${end}`,
    host: host === 'docker.io' ? 'registry-1.docker.io' : host,
    repository,
    reference: digest ?? tag ?? 'latest',
    ...(digest === undefined ? {} : { digest }),
  };
}
