import { caseNames } from './program/case-names';
import type { Toolchain } from './toolchains';

/** What is wrong with what the program printed: nothing, where every case passed as that toolchain compiled it. */
export function faultsIn(
  printed: string,
  { dialect, designTypes, decoratorMetadata }: Pick<Toolchain, 'dialect' | 'designTypes' | 'decoratorMetadata'>,
): string[] {
  if (printed === '') return ['the program ended before its cases did'];
  const { facts, results } = JSON.parse(printed) as { facts: Record<string, unknown>; results: Record<string, string> };
  const expected = { dialect, designTypes, decoratorMetadata };
  return [
    ...Object.entries(expected)
      .filter(([name, value]) => facts[name] !== value)
      .map(([name, value]) => `expected ${name} to be ${value}, received ${String(facts[name])}`),
    ...caseNames.filter((name) => results[name] !== 'ok').map((name) => `${name}: ${results[name] ?? 'did not run'}`),
  ];
}
