/**
 * The text of a property, as it stands in the JSON of an object: numbers keep all of their digits. Where the name is there
 * twice, the last one counts, as for JSON.parse; undefined where it is not there, or where the JSON is of something else.
 *
 * @param json text that JSON.parse takes; nothing is checked here
 */
export function propertyText(json: string, name: string): string | undefined {
  let depth = 0;
  let start = 0;
  let key: unknown;
  let found: string | undefined;
  for (let at = 0; at < json.length; at++) {
    const char = json[at]!;
    if (char === '"') {
      at = endOfString(json, at);
    } else if (char === '{' || char === '[') {
      if (depth++ === 0) start = at + 1;
    } else if (char === ':' && depth === 1) {
      key = JSON.parse(json.slice(start, at));
      start = at + 1;
    } else if (char === ',' || char === '}' || char === ']') {
      if (depth === 1) {
        if (key === name) found = json.slice(start, at).trim();
        start = at + 1;
      }
      if (char !== ',') depth--;
    }
  }
  return found;
}

/** Where the string ends that begins here. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}
