import type { CatalogueEntry } from './entry.js';

const again =
  'Run the same command again: what is downloaded already is kept, and it goes on where it stopped.';
const fromModules =
  'Where only package registries are reachable: k8slab bundle create --from modules --out DIR';

export const bundleUpstreamEntries = {
  BUNDLE_UPSTREAM_UNREACHABLE: {
    title: 'A host that Kubernetes is downloaded from cannot be reached',
    exit: 3,
    meaning: 'The host named above did not answer, or its answers broke off again and again.',
    why: 'No connection, a name server that does not know the host, a firewall, or a proxy that this Node.js does not use.',
    fix: [
      again,
      'Behind a proxy: NODE_USE_ENV_PROXY=1 with Node.js 24 or 22.21, HTTPS_PROXY being set. Node.js 20 knows no proxies.',
      fromModules,
    ],
    see: ['curl --head https://pkgs.k8s.io/', 'curl --head https://registry.k8s.io/v2/'],
    source: 'https://nodejs.org/api/cli.html#node_use_env_proxy1',
  },
  BUNDLE_UPSTREAM_CERTIFICATE: {
    title: 'The certificate of a host is not trusted',
    exit: 3,
    meaning:
      'The connection was made, but the certificate shown is not one that Node.js trusts for this host.',
    why: 'Usually a company’s proxy that looks into TLS and signs with an authority of its own, or a clock that is wrong.',
    fix: ['export NODE_EXTRA_CA_CERTS=/path/to/the-company-authority.pem', 'Look at the clock: date'],
    see: ['openssl s_client -connect pkgs.k8s.io:443 -servername pkgs.k8s.io </dev/null'],
    source: 'https://nodejs.org/api/cli.html#node_extra_ca_certsfile',
  },
  BUNDLE_UPSTREAM_BUSY: {
    title: 'A host wants fewer requests',
    exit: 3,
    meaning: 'The host answered 429 or 503, also after the waits that it asked for.',
    why: 'Public registries limit downloads by address; a school or company often shares one.',
    fix: [again, 'Later, or from another network. A finished bundle then serves the whole room.'],
  },
  BUNDLE_UPSTREAM_NOT_FOUND: {
    title: 'A host does not have what the lab needs',
    exit: 3,
    meaning: 'The host answered that there is nothing under this name.',
    why: 'A version that does not exist or is not published yet, or one that upstream removed.',
    fix: ['Choose a version that exists in lab.yaml, then run the same command again.'],
    source: 'https://kubernetes.io/releases/',
  },
  BUNDLE_UPSTREAM_DENIED: {
    title: 'A host refuses the download',
    exit: 3,
    meaning: 'The host wants a login, or forbids the download. Bundles are made without any credentials.',
    why: 'A private image, a name that the registry does not have (some answer so instead of "not found"), or a filter in between.',
    fix: ['Check the name of the image or file.', 'Try from another network, without the filter.'],
  },
  BUNDLE_UPSTREAM_ANSWER: {
    title: 'A host answered with something else than expected',
    exit: 3,
    meaning:
      'The answer is not what this kind of host gives: a page instead of a file, a document that is too large or malformed, endless redirects.',
    why: 'Often the sign-in page of a network, or a filter in between; else a fault at the host.',
    fix: ['Open the address in a browser and see what comes.', again],
  },
  BUNDLE_UPSTREAM_DIGEST: {
    title: 'A download has another content than it must have',
    exit: 3,
    meaning: 'Its checksum is not the one that is pinned, signed or asked for. It was thrown away.',
    why: 'A cache or filter in between changed it, upstream replaced it, or somebody tampered with it.',
    fix: [
      'Run the same command from another network.',
      'If it stays so, report it: the file is not the one that was published.',
    ],
  },
  BUNDLE_UPSTREAM_SIGNATURE: {
    title: 'The signature of a package repository is not good',
    exit: 3,
    meaning:
      'The package list is not signed by the key whose fingerprint is pinned, or that key has expired.',
    why: 'Upstream renews its key’s date of expiry now and then; until it does, the machines refuse the packages as well. Else the repository was changed on the way.',
    fix: ['Try again later, or from another network.'],
    see: ['curl --location https://pkgs.k8s.io/core:/stable:/v1.36/deb/Release.key | gpg --show-keys'],
    source: 'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/',
  },
  BUNDLE_UPSTREAM_PACKAGE: {
    title: 'The package repository lacks a package',
    exit: 3,
    meaning:
      'The package, the version or something that it depends on is not in the repository of this minor.',
    why: 'A patch version that does not exist, or one whose packages are not published yet.',
    fix: ['Choose a version that exists: kubernetes: {version: "1.36.3"} in lab.yaml'],
    source: 'https://kubernetes.io/releases/',
  },
  BUNDLE_UPSTREAM_PLATFORM: {
    title: 'An image does not exist for this platform',
    exit: 3,
    meaning: 'The registry has the image, but not for the processor that the bundle is for.',
    why: 'Not every project publishes for arm64.',
    fix: ['Make the bundle for the other platform, or choose another version of the component.'],
  },
  BUNDLE_UPSTREAM_VERSIONS: {
    title: 'A bundle holds one version of Kubernetes',
    exit: 2,
    meaning: 'The labs named for the bundle use different versions of Kubernetes.',
    why: 'A lab that names no version takes the bundle’s, so there can be but one.',
    fix: ['Make a bundle for each version, each with the labs that use it.'],
  },
  BUNDLE_UPSTREAM_NOTHING: {
    title: 'These labs download nothing that a bundle could hold',
    exit: 2,
    meaning: 'Labs without Kubernetes take everything from their distribution’s packages.',
    why: 'A bundle mirrors the hosts that Kubernetes comes from.',
    fix: ['Name a lab with Kubernetes: k8slab bundle create 1cp-2w --out DIR'],
  },
} satisfies Record<string, CatalogueEntry>;
