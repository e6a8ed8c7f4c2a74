/** Sets variables of the environment for each spec of a suite, undefined for none, and puts back what was there. */
export function environment(variables: Readonly<Record<string, string | undefined>>): void {
  let before: NodeJS.ProcessEnv;

  beforeEach(() => {
    before = { ...process.env };
    set(variables);
  });

  afterEach(() => {
    set(Object.fromEntries(Object.keys(variables).map((name) => [name, before[name]])));
  });
}

function set(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}
