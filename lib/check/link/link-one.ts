import { existsSync } from 'node:fs';
import path from 'node:path';

import { isFolder } from '../files';
import type { Code, Handler } from '../model';
import type { Job } from './answer';
import { environmentOf } from './environment';
import { handlerFile, isInLayer } from './handler-file';
import { load } from './load';
import { reports } from './word';

/** A function, with what is known of its code: plain data, for whichever process links it. */
export interface Asked extends Pick<Code, 'environment' | 'unknownVariables' | 'place'> {
  readonly key: string;
  /** Its logical id, or its name. */
  readonly name: string;
  /** Undefined where it is not known. */
  readonly handler: string | undefined;
  /** Undefined where it is not known, and for an image. */
  readonly runtime: string | undefined;
  /** Whether its handler may come from a layer. */
  readonly mayHaveLayers: boolean;
  /** Where its built handler is, as `file#export`, if the user has said so. */
  readonly named: string | undefined;
}

export interface How {
  /** Whether handlers are loaded. */
  readonly load: boolean;
  readonly timeoutMs: number;
}

/** Where wrappers that stand in `Handler` are told which handler they wrap. */
const WRAPPED = ['DD_LAMBDA_HANDLER', 'NEW_RELIC_LAMBDA_HANDLER', 'LUMIGO_ORIGINAL_HANDLER'];

/** What is known of the handler of a function: what it is once it is loaded, or else what its code says. */
export async function linkOne(asked: Asked, how: How): Promise<Handler> {
  const { name } = asked;
  const built = asked.named === undefined ? deployed(asked) : named(asked.named);
  if (built.kind === 'missing') return built;
  if (built.kind === 'unknown') return unloaded(asked, undefined, built.note);
  const { handler, isBuilt, ...job } = built;
  if (!how.load || !isBuilt) return unloaded(asked, job.file);
  const answer = await load(job, environmentOf(name, { ...asked, handler }, job.folder), how.timeoutMs);
  if (answer.kind === 'failed') return unloaded(asked, job.file, answer.note);
  return answer.kind === 'foreign' ? unloaded(asked, job.file) : answer;
}

/** What can be loaded, unless it is of sources. */
interface Found extends Job {
  readonly kind: 'found';
  readonly handler: string;
  readonly isBuilt: boolean;
}

type Place = Found | Extract<Handler, { kind: 'missing' | 'unknown' }>;

/** Where the template says that it is. */
function deployed({ place, environment, mayHaveLayers, runtime, ...asked }: Asked): Place {
  const handler = WRAPPED.map((variable) => environment[variable]).find(Boolean) ?? asked.handler;
  if (handler === undefined || place?.kind !== 'folder' || isOther(runtime)) return { kind: 'unknown' };
  const { isBuilt } = place;
  if (!isFolder(place.path)) return { kind: 'unknown', note: `its code is no folder here: ${place.path}` };
  const folder = path.resolve(place.path); // another process has another working directory
  if (isInLayer(handler)) return { kind: 'unknown', note: `its handler is in a layer: ${handler}` };
  const found = handlerFile(handler, folder, isBuilt);
  if (found.kind === 'file') return { ...found, kind: 'found', handler, isBuilt, folder, root: folder };
  if (!isBuilt || runtime === undefined) return { kind: 'unknown' };
  return mayHaveLayers ? { kind: 'unknown', note: `${found.why}, unless a layer has it` } : found;
}

/** Where the user says that it is. */
function named(text: string): Place {
  const hash = text.lastIndexOf('#');
  const [file, exported] = [path.resolve(text.slice(0, hash)), text.slice(hash + 1)];
  if (!existsSync(file)) return { kind: 'missing', why: `there is no file ${text.slice(0, hash)}` };
  const [folder, { root, name }] = [path.dirname(file), path.parse(file)];
  return { kind: 'found', file, exported, handler: `${name}.${exported}`, isBuilt: true, folder, root };
}

/** What its code says of a handler that was not loaded, or is not ours. */
function unloaded({ place, runtime }: Asked, file: string | undefined, why?: string): Handler {
  const said = isOther(runtime) ? undefined : reports(place, file);
  const note = why === undefined ? {} : { note: why };
  return said === undefined ? { kind: 'unknown', ...note } : { kind: 'foreign', reports: said, ...note };
}

/** Whether it is written in another language, whose libraries give the answer: of that, its code has no word. */
const isOther = (runtime: string | undefined): boolean => runtime !== undefined && !runtime.startsWith('nodejs');
