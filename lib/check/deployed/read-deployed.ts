import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';

import { type Infrastructure, type LambdaFunction, type Mapping, open } from '../model';
import { NothingCheckedError } from '../nothing-checked';
import type { Clients } from './clients';
import { functionOf, unknownFunction } from './deployed-function';
import { kindOf, mappingOf, otherMappingOf } from './deployed-mapping';
import { DeployedQueues } from './deployed-queues';
import { partsOf } from './function-name';
import { Notes, reasonOf } from './notes';

type Listed = EventSourceMappingConfiguration;

/**
 * What is deployed around a function: its event source mappings, which are those of an alias or a version where the name is,
 * its own settings, its queues and their dead-letter queues. What must not be looked at is open, and there is a note.
 *
 * @throws NothingCheckedError (as a rejection) where there is no such function, its mappings cannot be listed, or it has none
 */
export async function readDeployed(functionName: string, { lambda, sqs }: Clients): Promise<Infrastructure> {
  const notes = new Notes();
  const own = await ownMappings(functionName, lambda, notes);
  const fn = await deployedFunction(functionName, lambda, notes);
  const queueArns = own.filter((each) => kindOf(each) === 'sqs').map(({ EventSourceArn = '' }) => EventSourceArn);
  const destinations = own.map((each) => each.DestinationConfig?.OnFailure?.Destination ?? '');
  const queues = new DeployedQueues(sqs, notes, destinations);
  await queues.read(queueArns);
  const around = { function: fn, queueOf: (arn: string) => queues.of(arn) };
  return {
    mappings: own.map((each) => mappingOf(kindOf(each)!, each, around)),
    others: await otherMappings([...new Set(queueArns)], own, lambda, notes),
    notes: notes.all,
  };
}

/** The mappings of the function that rules are for, in the order in which Lambda lists them. */
async function ownMappings(functionName: string, lambda: Clients['lambda'], notes: Notes): Promise<Listed[]> {
  let all: Listed[];
  try {
    all = await listed(lambda, { FunctionName: functionName });
  } catch (cause) {
    throw new NothingCheckedError(
      `The event source mappings of ${functionName} cannot be listed, and nothing was checked: ${reasonOf(cause)}.`,
      { cause },
    );
  }
  const own = all.filter(({ State }) => State !== 'Deleting');
  const known = own.filter((each) => kindOf(each) !== undefined);
  for (const { UUID, EventSourceArn = 'an unknown source' } of own.filter((each) => !known.includes(each))) {
    notes.add(`the mapping ${UUID} of ${EventSourceArn} was not checked, since no rule is for its source`);
  }
  if (known.length > 0) return known;
  throw new NothingCheckedError(
    `Expected ${functionName} to have an event source mapping of SQS, Kinesis, DynamoDB Streams or Kafka, found none: ` +
      'nothing was checked. Those of an alias or a version are found by its own name, such as orders:live.',
  );
}

async function deployedFunction(name: string, lambda: Clients['lambda'], notes: Notes): Promise<LambdaFunction> {
  const { name: id, unqualified } = partsOf(name);
  const configuration = await notes.try(`the settings of the function ${id} are`, () =>
    lambda.getFunctionConfiguration({ FunctionName: name }),
  );
  const concurrency = await notes.try(`the reserved concurrency of the function ${id} is`, () =>
    lambda.getFunctionConcurrency({ FunctionName: unqualified }),
  );
  const reserved = concurrency === undefined ? open : concurrency.ReservedConcurrentExecutions;
  if (configuration === undefined) return { ...unknownFunction(id), reservedConcurrency: reserved };
  return functionOf(id, configuration, reserved);
}

/** Those that compete for the messages of the same queues, unless they are disabled. */
async function otherMappings(
  queueArns: readonly string[],
  own: readonly Listed[],
  lambda: Clients['lambda'],
  notes: Notes,
): Promise<Mapping[]> {
  const lists = await Promise.all(
    queueArns.map((EventSourceArn) =>
      notes.try(`which other functions read ${EventSourceArn} is`, () => listed(lambda, { EventSourceArn })),
    ),
  );
  const ownIds = new Set(own.map(({ UUID }) => UUID));
  return lists
    .flatMap((list) => list ?? [])
    .filter(({ UUID, State }) => !ownIds.has(UUID) && State !== 'Disabled' && State !== 'Deleting')
    .map((each) => otherMappingOf(each, unknownFunction(partsOf(each.FunctionArn ?? '').name)));
}

/** All pages of a list. */
async function listed(
  lambda: Clients['lambda'],
  input: { readonly FunctionName?: string; readonly EventSourceArn?: string },
): Promise<Listed[]> {
  const all: Listed[] = [];
  let Marker: string | undefined;
  do {
    const { EventSourceMappings = [], NextMarker } = await lambda.listEventSourceMappings({ ...input, Marker });
    all.push(...EventSourceMappings);
    Marker = NextMarker || undefined;
  } while (Marker !== undefined);
  return all;
}
