import type { Json } from './json';

/** What a value stands for that is known only once its stack is deployed. */
export type Meaning =
  /** An attribute of a resource; `Ref` for what `Ref` gives. */
  | { readonly stack: string; readonly id: string; readonly attribute: string }
  /** Anything else; the same key is the same value. */
  | { readonly key: string };

// Noncharacters of Unicode: no text of a template has them, and JSON takes them in a string.
const [START, END] = ['\uFDD0', '\uFDD1'];
const TOKEN = new RegExp(`${START}(\\d+)${END}`, 'g');
/** One that is a whole part of an ARN, and not of a name in it. */
const PART = new RegExp(`(?<=^|[:/])${START}(\\d+)${END}(?=$|[:/])`, 'g');

/**
 * Texts that stand for values that are not known, as those of CDK do: a text that one is part of can be put together, taken
 * apart and compared as any other.
 */
export class Tokens {
  readonly #texts = new Map<string, string>();
  readonly #meanings: Meaning[] = [];

  of(meaning: Meaning): string {
    const key = keyOf(meaning);
    let text = this.#texts.get(key);
    if (text === undefined) {
      text = `${START}${this.#meanings.length}${END}`;
      this.#texts.set(key, text);
      this.#meanings.push(meaning);
    }
    return text;
  }

  /** What the tokens stand for that are parts of an ARN or of a URL, or all of a text, in order. */
  in(text: string): Meaning[] {
    return [...text.matchAll(PART)].flatMap(([, index]) => this.#meanings[Number(index)] ?? []);
  }

  /** A text that is the same wherever the values are. */
  shown(text: string): string {
    return text.replace(TOKEN, (_, index: string) => {
      const meaning = this.#meanings[Number(index)];
      return `\${${meaning === undefined ? index : keyOf(meaning)}}`;
    });
  }
}

function keyOf(meaning: Meaning): string {
  return 'key' in meaning ? meaning.key : `${meaning.stack}#${meaning.id}.${meaning.attribute}`;
}

/** What is known of a text. */
export const withoutTokens = (text: string): string => text.replace(TOKEN, '');

/** Whether a value is known: a text without tokens, or a number or so. */
export function isKnown(value: Json | undefined): value is string | number | boolean | null {
  return typeof value === 'string' ? !value.includes(START) : typeof value !== 'object' && value !== undefined;
}
