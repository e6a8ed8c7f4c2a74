import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';

import { type Answer, answerIn, type Job } from './answer';
import { scriptAt } from './scripts';

/** The most that a loader may write. */
const MOST_CHARACTERS = 1_000_000;

/**
 * Loads a handler in a process of its own, which has this environment and no other, reaches no network, and is ended when it
 * has answered, or when the time is over. What it prints is not seen; its answer comes through a pipe, with a secret that
 * the handler's code does not have.
 */
export function load(job: Job, env: Readonly<Record<string, string>>, timeoutMs: number): Promise<Answer> {
  const secret = randomUUID();
  const args = ['--require', scriptAt('refuse'), scriptAt('loader')];
  const child = spawn(process.execPath, args, {
    cwd: job.folder,
    env: { ...env, NODE_V8_COVERAGE: undefined }, // which Node would hand on by itself
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    windowsHide: true,
  });
  const [input, output] = [child.stdin as Writable, child.stdio[3] as Readable];
  input.on('error', () => undefined); // it may have ended before it has read all
  input.end(JSON.stringify({ ...job, secret, timeoutMs }));
  return answerFrom(child, output, secret, timeoutMs);
}

function answerFrom(child: ChildProcess, output: Readable, secret: string, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    let text = '';
    let answer: Answer | undefined;
    const end = (given?: Answer): void => {
      answer ??= given;
      child.kill('SIGKILL');
      output.destroy(); // also where something else has the pipe
    };
    const timer = setTimeout(end, timeoutMs, { kind: 'failed', note: `it had not loaded after ${timeoutMs} ms` });
    output.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      const line = lineBehind(secret, text);
      if (line !== undefined) end(answerIn(line));
      else if (text.length > MOST_CHARACTERS)
        end({ kind: 'failed', note: 'it writes where only the loader is to write' });
    });
    child.on('error', (error) => {
      end({ kind: 'failed', note: `its process does not start: ${error.message}` });
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const how = code === null ? `by ${String(signal)}` : `with the exit code ${code}`;
      resolve(answer ?? { kind: 'failed', note: `its process ended while it was loaded, ${how}` });
    });
  });
}

/** What stands behind the secret, once its line is complete. */
function lineBehind(secret: string, text: string): string | undefined {
  const start = text.indexOf(`\n${secret}`) + 1;
  const end = start === 0 ? -1 : text.indexOf('\n', start);
  return end === -1 ? undefined : text.slice(start + secret.length, end);
}
