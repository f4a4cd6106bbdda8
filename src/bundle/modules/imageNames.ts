/** Names of images in the text of a Kubernetes manifest, each once. */
export function imagesIn(manifest: string): string[] {
  return [
    ...new Set(
      [...manifest.matchAll(/^[ \t]*(?:-[ \t]+)?image:[ \t]*["']?([^\s"'#]+)/gm)].map(
        (match) => match[1] ?? '',
      ),
    ),
  ];
}

/** `registry.k8s.io/etcd:3.6.8-0` without its tag; a colon before a slash is a port. */
export function repositoryOf(image: string): string {
  const plain = image.replace(/@.*$/, '');
  const colon = plain.lastIndexOf(':');
  return colon > plain.lastIndexOf('/') ? plain.slice(0, colon) : plain;
}

/** The version of the program that an image's tag names: `v1.14.2` is 1.14.2, `3.6.8-0` is 3.6.8. */
export function versionInTag(image: string): string | undefined {
  return /^v?(\d+\.\d+\.\d+|\d+\.\d+(?![.\d]))/.exec(image.slice(repositoryOf(image).length + 1))?.[1];
}

/** Images that somebody asks for, by repository. */
export class WantedImages {
  private readonly names = new Map<string, Set<string>>();

  add(images: readonly string[]): void {
    for (const image of images) {
      const repository = repositoryOf(image);
      this.names.set(repository, (this.names.get(repository) ?? new Set()).add(image));
    }
  }

  /** Full names, oldest first; empty when nobody asked. */
  of(repository: string): string[] {
    return [...(this.names.get(repository) ?? [])];
  }

  repositories(): string[] {
    return [...this.names.keys()];
  }
}
