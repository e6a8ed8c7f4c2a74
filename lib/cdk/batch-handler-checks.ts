import path from 'node:path';

import { checkRules } from '../check/check-options';
import { type Finding, findingsOf } from '../check/findings';
import { functionsOf } from '../check/check';
import { linkHandlersSync } from '../check/link';
import { readInfrastructure } from '../check/read';
import { rules } from '../check/rules';

/** Options of `BatchHandlerChecks`. */
export interface BatchHandlerChecksOptions {
  /** What makes synth fail: errors, or warnings too. Default: `'error'`. */
  readonly failOn?: 'error' | 'warning';
  /** Ids of rules that are not asked in this app. Default: none. */
  readonly ignore?: readonly string[];
  /** Whether built handlers are loaded, each in a process of its own, to read their options. Default: true. */
  readonly load?: boolean;
}

/** What AWS CDK hands to a plugin of validation, as far as it is needed. */
interface ValidationContext {
  /** Absolute paths of the templates of all stacks. */
  readonly templatePaths: readonly string[];
}

/** What AWS CDK takes from a plugin of validation. */
interface ValidationReport {
  /** Whether synth goes on. */
  readonly success: boolean;
  /** What was found. */
  readonly violations: Violation[];
}

/** A finding, in the words of AWS CDK. */
interface Violation {
  /** The id of the rule. */
  readonly ruleName: string;
  /** What happens to records. */
  readonly description: string;
  /** What to write instead. */
  readonly fix: string;
  /** `error` or `warning`. */
  readonly severity: string;
  /** The page that says so, as `source`. */
  readonly ruleMetadata: { readonly [key: string]: string };
  /** What is to be mended: one resource. */
  readonly violatingResources: {
    /** Its logical id. */
    readonly resourceLogicalId: string;
    /** The absolute path of its template. */
    readonly templatePath: string;
    /** None: a finding is about a resource as a whole. */
    readonly locations: string[];
  }[];
}

/**
 * A plugin of AWS CDK: synth fails where records would be lost around a batch handler, and says in which line of the app.
 * `Validations.of(app).addPlugins(new BatchHandlerChecks())`; in versions without Validations,
 * `new App({ policyValidationBeta1: [new BatchHandlerChecks()] })`.
 *
 * @throws TypeError where an option is not what it should be
 */
export class BatchHandlerChecks {
  /** What findings are acknowledged by, as in `lambda-batch-handler::partial-response-off`. */
  readonly name = 'lambda-batch-handler';
  /** The ids of all rules. */
  readonly ruleIds: string[] = rules.map(({ id }) => id);
  readonly #options: Required<BatchHandlerChecksOptions>;

  constructor({ failOn = 'error', ignore = [], load = true }: BatchHandlerChecksOptions = {}) {
    if (!['error', 'warning'].includes(failOn)) {
      throw new TypeError(`BatchHandlerChecks: expected failOn to be 'error' or 'warning', received ${failOn}.`);
    }
    checkRules(ignore);
    this.#options = { failOn, ignore, load };
  }

  /** Called by AWS CDK when it has synthesised the app. */
  validate({ templatePaths }: ValidationContext): ValidationReport {
    const { failOn, ignore, load } = this.#options;
    const infrastructures = readInfrastructure(assembliesOf(templatePaths));
    const handlers = linkHandlersSync(functionsOf(infrastructures), { load });
    const findings = findingsOf(infrastructures, handlers, { ignore, hints: false });
    return {
      success: !findings.some(({ severity }) => severity === 'error' || failOn === 'warning'),
      violations: findings.map(violationOf),
    };
  }
}

/** The folders of the cloud assemblies that have these templates; those of stages are within that of the app. */
function assembliesOf(templatePaths: readonly string[]): string[] {
  const folders = [...new Set(templatePaths.map((template) => path.dirname(template)))];
  return folders.filter((folder) => !folders.some((other) => folder.startsWith(other + path.sep)));
}

function violationOf({ rule, message, fix, severity, source, file, resource }: Finding): Violation {
  return {
    ruleName: rule,
    description: message,
    fix,
    severity,
    ruleMetadata: { source },
    violatingResources: [{ resourceLogicalId: resource, templatePath: path.resolve(file!), locations: [] }],
  };
}
