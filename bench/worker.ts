// A child process: measures one case of a question, and sends what it measured.
import { questions } from './questions';

async function main(): Promise<void> {
  const [name, at] = process.argv.slice(2) as [string, string];
  const samples = await questions[name]!.work(at);
  process.send!(samples);
}

void main();
