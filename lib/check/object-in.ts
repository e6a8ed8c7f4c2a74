/** What a JSON text has in it, by name; nothing where it is none, or is of anything else. */
export function objectIn(json = ''): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(json)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
