/** 0 fine, 1 checks failed, 2 usage or lab, 3 host or Vagrant, 70 a bug of ours. */
export type ExitStatus = 0 | 1 | 2 | 3 | 70;

/** One page of `k8slab explain`. */
export interface CatalogueEntry {
  title: string;
  exit: ExitStatus;
  /** What it means for the person who sees it. */
  meaning: string;
  /** Why it happens. */
  why: string;
  /** What to do, most likely first. */
  fix: string[];
  /** How to see it by hand. */
  see?: string[];
  /** Upstream page or issue the knowledge comes from. */
  source?: string;
}
