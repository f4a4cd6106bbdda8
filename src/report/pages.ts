import type { Assets } from '../assets/manifests.js';
import type { Snapshot } from '../collect/snapshot.js';
import type { Cluster } from '../plan/cluster.js';
import { PackageText } from '../render/helpers.js';
import { assetText, fillTemplate } from '../render/templates.js';
import type { Report } from './report.js';
import { reportView } from './view.js';

const templates = 'box-templates/report';

/** The report as one self-contained page: no script, nothing loaded from elsewhere. */
export function reportPage(assets: Assets, cluster: Cluster, snapshot: Snapshot, report: Report): string {
  const style = new PackageText(assetText(assets, `${templates}/page.css`));
  return fillTemplate(assets, `${templates}/page.html.hbs`, {
    ...reportView(cluster, snapshot, report),
    style,
  });
}

/**
 * The report as JUnit XML, for CI systems: a suite a layer, a test case a check. A check that failed is a failure, one
 * without an answer an error. Source of the format: https://github.com/testmoapp/junitxml
 */
export function reportJunit(assets: Assets, cluster: Cluster, snapshot: Snapshot, report: Report): string {
  return fillTemplate(assets, `${templates}/junit.xml.hbs`, reportView(cluster, snapshot, report));
}
