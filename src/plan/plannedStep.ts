/** A constant at the top of a provisioner. */
export interface Setting {
  name: string;
  value: string;
  /** Heading under which it is printed. */
  group: string;
}

/** What a provisioner does as one of its steps. */
export interface PlannedStep {
  /** Position in the provisioner, from 1. */
  number: number;
  /** `runtime/containerd/install` */
  id: string;
  title: string;
  /** One or two sentences. */
  why: string;
  link: string;
  /** Asset with the step's shell text, relative to provision-scripts/. */
  script: string;
  /** Configuration files the step needs, rendered to `provision/<machine>/<name>`. */
  files: PlannedFile[];
  /** What baking a box does with it; absent: nothing. */
  bake?: 'kept' | 'needed';
}

export interface PlannedFile {
  /** File name on the lab's side and on the machine. */
  name: string;
  /** Handlebars asset relative to provision-scripts/. */
  template: string;
}
