import { open, type Open } from '../model';
import { textOf, type Value } from './evaluate';
import { isKnown } from './tokens';

/** What a value is as something else; undefined where nothing is said, open where it is not known, or is none of that. */
function as<T>(value: Value, convert: (value: NonNullable<Value>) => T | undefined): Open<T | undefined> {
  return value === undefined || value === null ? undefined : (convert(value) ?? open);
}

/** CloudFormation takes the text of a number as well. */
export const numberOf = (value: Value): Open<number | undefined> =>
  as(value, (each) => {
    const text = knownText(each);
    return text === undefined || text.trim() === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
  });

/** CloudFormation takes the text `true` as well. */
export const booleanOf = (value: Value): Open<boolean | undefined> =>
  as(value, (each) => ({ true: true, false: false })[knownText(each)?.toLowerCase() ?? '']);

export const knownTextOf = (value: Value): Open<string | undefined> => as(value, knownText);

export const textsOf = (value: Value): Open<readonly string[] | undefined> =>
  as(value, (each) => {
    const texts = [each].flat().map(knownText);
    return texts.every((text) => text !== undefined) ? texts : undefined;
  });

/** Whether something is said. */
export const isGiven = (value: Value): Open<boolean> => {
  if (value === undefined || value === null) return false;
  return isKnown(value) || typeof value === 'object' ? true : open;
};

export function otherwise<T>(value: Open<T | undefined>, standard: T): Open<T> {
  return value === undefined ? standard : value;
}

function knownText(value: Value): string | undefined {
  const text = textOf(value);
  return text !== undefined && isKnown(text) ? text : undefined;
}
