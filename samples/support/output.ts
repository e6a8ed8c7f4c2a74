/** Runs a function, and keeps from the terminal what is written meanwhile. */
export async function collectOutput<T>(run: () => Promise<T>): Promise<{ result: T; output: string }> {
  const streams = [process.stdout, process.stderr];
  const writers = streams.map((stream) => stream.write);
  let output = '';
  const collect = (chunk: string | Uint8Array): boolean => {
    output += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  };
  try {
    for (const stream of streams) stream.write = collect;
    return { result: await run(), output };
  } finally {
    streams.forEach((stream, index) => (stream.write = writers[index]!));
  }
}
