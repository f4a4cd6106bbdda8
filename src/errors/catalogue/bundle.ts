import type { CatalogueEntry } from './entry.js';

const inSpare =
  'A folder on a larger disk: k8slab bundle create --out DIR, XDG_CACHE_HOME=DIR for the cache, GOCACHE and GOMODCACHE for Go’s own.';

export const bundleEntries = {
  BUNDLE_GO_MISSING: {
    title: 'Go is not installed',
    exit: 3,
    meaning:
      'A bundle from modules is built with the Go toolchain of this host, and there is none on the PATH.',
    why: 'It was never installed, or its folder (often /usr/local/go/bin) is not on the PATH.',
    fix: [
      'sudo apt-get install golang-go   # or the archive of https://go.dev/dl/, unpacked to /usr/local',
      'export PATH=$PATH:/usr/local/go/bin',
    ],
    see: ['go version'],
    source: 'https://go.dev/doc/install',
  },
  BUNDLE_GO_OLD: {
    title: 'Go is too old',
    exit: 3,
    meaning: 'The modules ask for a newer Go than the installed one, and it does not fetch that itself.',
    why: 'Each version of Kubernetes names the Go it is built with. From 1.21 on Go downloads the one that a module asks for, unless GOTOOLCHAIN=local forbids it.',
    fix: ['go env -w GOTOOLCHAIN=auto', 'Or install the newest Go: https://go.dev/dl/'],
    see: ['go version', 'go env GOTOOLCHAIN'],
    source: 'https://go.dev/doc/toolchain',
  },
  BUNDLE_PROGRAM_MISSING: {
    title: 'A program that makes bundles is not installed',
    exit: 3,
    meaning: 'Packages are made with dpkg-deb, signed with gpg, and root file systems come from mmdebstrap.',
    why: 'At least one of them is not on the PATH. They exist on Debian and Ubuntu.',
    fix: ['sudo apt-get install --no-install-recommends dpkg gpg mmdebstrap tar xz-utils'],
  },
  BUNDLE_DOWNLOAD: {
    title: 'Modules could not be downloaded',
    exit: 3,
    meaning: 'The Go module proxy did not answer, or answered with an error.',
    why: 'No connection, a company’s proxy that is not set, or a certificate that this host does not know.',
    fix: [
      'Check the connection and where Go asks: go env GOPROXY GOSUMDB',
      'Run the same command again: what is built already is kept.',
    ],
    see: ['go env GOPROXY', 'go list -m -versions k8s.io/kubernetes'],
    source: 'https://go.dev/ref/mod#environment-variables',
  },
  BUNDLE_VERSION: {
    title: 'No such version among the Go modules',
    exit: 2,
    meaning: 'The Go module proxy in use does not have the module in the version that was asked for.',
    why: 'The version does not exist, is too new for the proxy, or the proxy only carries some.',
    fix: [
      'See what there is: go list -m -versions k8s.io/kubernetes',
      'Then: k8slab bundle create --from modules --kubernetes VERSION --out DIR',
    ],
  },
  BUNDLE_BUILD: {
    title: 'A program could not be built',
    exit: 3,
    meaning: 'The Go toolchain refused the source of a component.',
    why: 'With a Kubernetes checkout of your own: its code does not compile. Else the toolchain does not fit the version.',
    fix: [
      'The lines of the compiler are above; with --kubernetes-source correct the code and run the same command again.',
    ],
  },
  BUNDLE_DISK_SPACE: {
    title: 'Too little disk space for building',
    exit: 3,
    meaning: 'Building from modules needs room for Go’s caches, the programs and the bundle.',
    why: 'From nothing it takes about 12 GB: modules 4, compiled packages 6, programs and bundle 2. Later runs need far less.',
    fix: ['Free some space, for instance: go clean -cache -modcache', inSpare],
    see: ['df -h', 'go env GOCACHE GOMODCACHE'],
  },
  BUNDLE_DISK_FULL: {
    title: 'The disk is full',
    exit: 3,
    meaning: 'Writing failed for want of space; what was complete before is kept.',
    why: 'Go’s caches, the programs and the bundle did not fit.',
    fix: ['Free some space, then run the same command again.', inSpare],
    see: ['df -h'],
  },
  BUNDLE_ROOT: {
    title: 'A Debian root could not be made',
    exit: 3,
    meaning: 'mmdebstrap failed; some images need a root file system of Debian’s packages.',
    why: 'Debian’s package servers cannot be reached, its keys are missing on another distribution, or user namespaces are forbidden.',
    fix: [
      'Run the same command as root, or allow user namespaces.',
      'On Ubuntu: sudo apt-get install debian-archive-keyring',
      'Check the connection to the package servers: sudo apt-get update',
    ],
    see: ['mmdebstrap --variant=extract bookworm /dev/null'],
    source: 'https://manpages.debian.org/bookworm/mmdebstrap/mmdebstrap.1.en.html',
  },
  BUNDLE_PACKAGE: {
    title: 'A package or its repository could not be made',
    exit: 3,
    meaning: 'dpkg-deb or gpg failed.',
    why: 'See the message of the program.',
    fix: [
      'dpkg-deb must be 1.21.18 or newer: dpkg-deb --version',
      'gpg must be able to start gpg-agent: gpg --version',
    ],
  },
  BUNDLE_IMAGE: {
    title: 'An image that the cluster asks for cannot be made',
    exit: 3,
    meaning: 'This version of kubeadm, or a manifest, names an image that no recipe covers.',
    why: 'A newer Kubernetes uses a component that the recipes in box-templates/bundle do not know yet.',
    fix: [
      'Choose a version of Kubernetes that is supported, or add a recipe in box-templates/bundle/components.',
    ],
    see: ['kubeadm config images list'],
  },
  BUNDLE_ARCHIVE: {
    title: 'The added archive cannot be used',
    exit: 2,
    meaning: 'A file given with --add is not an archive, or holds nothing that a recipe knows.',
    why: 'Archives are recognised by what is in them: Calico by calico/calico.yaml and its programs, crictl by cri-tools/crictl, and so on.',
    fix: [
      'List what it holds: tar -tf ARCHIVE',
      'What is recognised is said in box-templates/bundle/components/*.yaml under `archive`.',
    ],
  },
  BUNDLE_SOURCE: {
    title: 'Not a Kubernetes checkout',
    exit: 2,
    meaning:
      'The folder given with --kubernetes-source does not hold the source of Kubernetes, or its version cannot be told.',
    why: 'It must be the root of a checkout with its tags, for the version is what `git describe` says.',
    fix: [
      'Name the folder that holds go.mod with `module k8s.io/kubernetes`.',
      'In the checkout: git fetch --tags',
      'Or say the version: --kubernetes 1.36.3',
    ],
  },
  BUNDLE_OUT: {
    title: 'The target folder is not free',
    exit: 2,
    meaning: 'The folder exists and is not a bundle, so it will not be replaced.',
    why: 'It holds something else.',
    fix: ['Choose another folder: k8slab bundle create --out DIR'],
  },
  BUNDLE_NOT_FOUND: {
    title: 'Not a bundle',
    exit: 2,
    meaning: 'The folder has no bundle.json that can be read.',
    why: 'A wrong path, a bundle that was not copied whole, or one of a newer k8slab.',
    fix: ['Name the folder that holds bundle.json.', 'Make a new one: k8slab bundle create --out DIR'],
  },
} satisfies Record<string, CatalogueEntry>;
