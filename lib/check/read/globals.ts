import { isObject, type Json, type JsonObject, property } from './json';

/**
 * The properties of a function with those of `Globals.Function`: objects are merged, lists go one behind the other, anything
 * else is that of the function.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
 */
export function withGlobals(properties: Json | undefined, body: JsonObject): Json | undefined {
  const globals = property(body, 'Globals', 'Function');
  return globals === undefined ? properties : merged(globals, properties ?? {});
}

function merged(global: Json, local: Json): Json {
  if (Array.isArray(global) && Array.isArray(local)) return [...global, ...local];
  if (!isPlain(global) || !isPlain(local)) return local;
  const shared = Object.keys(local).filter((name) => Object.hasOwn(global, name));
  const both = shared.map((name) => [name, merged(global[name]!, local[name]!)]);
  return { ...global, ...local, ...(Object.fromEntries(both) as JsonObject) };
}

/** Whether it is an object, and no intrinsic function: that is a value as a number is. */
function isPlain(value: Json): value is JsonObject {
  if (!isObject(value)) return false;
  const [name, ...more] = Object.keys(value);
  return name === undefined || more.length > 0 || !(name === 'Ref' || name === 'Condition' || name.startsWith('Fn::'));
}
