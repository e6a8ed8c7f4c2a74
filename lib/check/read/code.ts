import { type Code, type CodePlace, open, type Open } from '../model';
import { textOf, type Value } from './evaluate';
import { isObject, member, property } from './json';
import type { TemplateResource } from './template-resource';
import { isKnown, withoutTokens } from './tokens';
import { isGiven, knownTextOf } from './values';

/** What is known of the code of a function, whose folder was found already. */
export function codeOf(fn: TemplateResource, folder: CodePlace | undefined): Code {
  const isSam = fn.type === 'AWS::Serverless::Function';
  const inline = textOf(isSam ? fn.get('InlineCode') : zipFileOf(fn.get('Code')));
  const handler = knownTextOf(fn.get('Handler'));
  return {
    handler: handler ?? open,
    runtime: knownTextOf(fn.get('Runtime')),
    place: inline === undefined ? folder : inlinePlace(inline),
    ...variablesOf(fn.get('Environment')),
    hasLayers: hasLayers(fn.get('Layers')),
  };
}

function zipFileOf(code: Value): Value {
  return isObject(code) ? property(code, 'ZipFile') : undefined;
}

/** Undefined where nothing of the code is known. */
function inlinePlace(code: string): CodePlace | undefined {
  const text = withoutTokens(code);
  return text.trim() === '' ? undefined : { kind: 'inline', text };
}

function variablesOf(environment: Value): Pick<Code, 'environment' | 'unknownVariables'> {
  const variables = member(environment, 'Variables');
  const all = isObject(variables) ? Object.entries(variables) : [];
  const known = all.flatMap(([name, value]) => {
    const text = textOf(value);
    return text !== undefined && isKnown(text) ? [[name, text] as const] : [];
  });
  const environmentOf = Object.fromEntries(known);
  return {
    environment: environmentOf,
    unknownVariables: all.map(([name]) => name).filter((name) => !Object.hasOwn(environmentOf, name)),
  };
}

function hasLayers(layers: Value): Open<boolean> {
  return Array.isArray(layers) ? layers.length > 0 : isGiven(layers);
}
