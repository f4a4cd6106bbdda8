import { K8slabError } from '../errors/error.js';
import type { ChosenFolder, Options } from './choices.js';

/** Whether every option named in a manifest's `when` has its value; true without `when`. */
export function applies(when: Options | undefined, folder: ChosenFolder): boolean {
  return Object.entries(when ?? {}).every(([option, value]) => {
    if (!Object.hasOwn(folder.options, option)) {
      throw manifestFault(folder, `\`when\` asks for the option ${option}, which the folder does not have`);
    }
    return folder.options[option] === value;
  });
}

/** A mistake in a manifest of the package. */
export function manifestFault(folder: Pick<ChosenFolder, 'path'>, what: string): K8slabError {
  return new K8slabError('PLAN_MANIFEST', `provision-scripts/${folder.path}/manifest.yaml: ${what}.`);
}
