/** Runs a function, and keeps from the terminal what is written meanwhile. */
export async function collectOutput<T>(run: () => Promise<T>): Promise<{ result: T; output: string }> {
  let output = '';
  const result = await redirectOutput(run, (text) => (output += text));
  return { result, output };
}

/** Runs a function, and hands on what is written meanwhile instead of writing it. */
export async function redirectOutput<T>(run: () => Promise<T>, write: (text: string) => void): Promise<T> {
  const streams = [process.stdout, process.stderr];
  const writers = streams.map((stream) => stream.write);
  const redirect = (chunk: string | Uint8Array): boolean => {
    write(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    return true;
  };
  const restore = (): void => streams.forEach((stream, index) => (stream.write = writers[index]!));
  process.once('uncaughtExceptionMonitor', restore); // what ends the process has to be seen
  try {
    for (const stream of streams) stream.write = redirect;
    return await run();
  } finally {
    process.off('uncaughtExceptionMonitor', restore);
    restore();
  }
}
