// Is what an expression names there? Inputs, steps and their outputs, secrets; with what to write instead.
import { didYouMean } from '../text/closest.ts';
import { wholeExpression } from '../text/expression-scan.ts';
import type { Chain, Segment } from '../text/expression-tree.ts';
import { misplacedSecret, wrongSecret } from './names-secrets.ts';
import { wrongStep } from './names-steps.ts';
import type { Subject } from './rule.ts';
import type { Site } from './sites.ts';
import { tooLong, type WrongName } from './wrong-name.ts';

const contexts = ['inputs', 'steps', 'run', 'env', 'secrets'];

/** What is wrong with one chain of names at a place; undefined where nothing is. */
export function wrongName(chain: Chain, site: Site, subject: Subject): WrongName | undefined {
  const [root, name] = chain.segments;
  if (!root) return undefined;
  if (!contexts.includes(root.name)) {
    const remedy =
      didYouMean(root.name, contexts) ??
      `there are ${contexts.join(', ')}; a text stands in single quotes: '${root.name}'`;
    return { segment: root, code: 'unknown-context', message: `unknown name "${root.name}"`, remedy };
  }
  if (site.inputsOnly && root.name !== 'inputs') {
    return {
      segment: root,
      code: 'unknown-context',
      message: `only inputs are known here, not "${root.name}"`,
      remedy: 'make it an input',
    };
  }
  if (!name)
    return {
      segment: root,
      code: 'unknown-context',
      message: `"${root.name}" alone is no value`,
      remedy: `name one: ${root.name}.…`,
    };
  if (name.computed && root.name !== 'secrets')
    return {
      segment: root,
      code: 'unknown-context',
      message: 'names are written out',
      remedy: `write ${root.name}.NAME`,
    };
  switch (root.name) {
    case 'inputs':
      return wrongInput(chain, name, site, subject);
    case 'steps':
      return wrongStep(chain, name, site, subject);
    case 'run':
      return ['id', 'date', 'operator'].includes(name.name)
        ? tooLong(chain, 2)
        : {
            segment: name,
            code: 'unknown-context',
            message: `a run has no "${name.name}"`,
            remedy: 'there are run.id, run.date, run.operator',
          };
    case 'secrets':
      return wrongSecret(chain, name, site, subject);
    default:
      return tooLong(chain, 2);
  }
}

function wrongInput(chain: Chain, segment: Segment, site: Site, { inputs }: Subject): WrongName | undefined {
  if (!inputs.has(segment.name)) {
    const remedy =
      didYouMean(segment.name, inputs.keys()) ??
      (inputs.size > 0 && inputs.size <= 12
        ? `there are ${[...inputs.keys()].join(', ')}`
        : 'declare it under "inputs"');
    return { segment, code: 'unknown-input', message: `no input is called "${segment.name}"`, remedy };
  }
  const input = inputs.get(segment.name);
  if (input?.secret && !site.secrets) return { ...misplacedSecret(site), segment };
  if (input?.type === 'list') return listInText(chain, segment, site);
  return tooLong(chain, 2);
}

/** Inside a text a list has no form of its own. */
function listInText({ segments }: Chain, segment: Segment, site: Site): WrongName | undefined {
  const whole = wholeExpression(site.text)?.trim();
  const bare = site.text.includes(`\${{ inputs.${segment.name} }}`) && whole === undefined;
  if (segments.length !== 2 || site.use === 'condition' || (!bare && !(site.use === 'command' && whole !== undefined)))
    return undefined;
  return {
    segment,
    code: 'list-in-text',
    message: `the input "${segment.name}" is a list`,
    remedy: `inside a text write join(inputs.${segment.name}, ', ')`,
  };
}
