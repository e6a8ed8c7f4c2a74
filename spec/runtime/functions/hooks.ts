/** Entries of which something beside the method hangs, each named after it. */
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';

import {
  BatchHandler,
  type BatchProcessingOptions,
  BatchProcessor,
  createBatchHandler,
  EventType,
  type FailureResponse,
  observe,
  processPartialResponse,
  type SuccessResponse,
} from 'lambda-batch-handler';
import { deadLetter } from 'lambda-batch-handler/dead-letter';
import { reader } from 'lambda-batch-handler/payload';
import { delayBy } from 'lambda-batch-handler/retry-delay';

import { stopBeforeTimeout } from './settings';
import { held, textOf, workOn } from './work';

const payload = reader((text: string) => (text === 'a held' ? held() : text));
const nonRetryable = deadLetter<SQSRecord>({ deliverTo: held });
const onBatchStart = [observe({ onBatchStart: held })];
const onBatchEnd = [observe({ onBatchEnd: held })];
const aroundRecord = [observe({ aroundRecord: held })];
const retryDelay = delayBy(() => 60, { client: { send: held } });

class Preparing extends BatchProcessor {
  override prepare(): void {
    return held() as never;
  }
}

class Cleaning extends BatchProcessor {
  override clean(): void {
    return held() as never;
  }
}

class TellingOfFailures extends BatchProcessor {
  override failureHandler(): FailureResponse {
    return held() as never;
  }
}

class TellingOfSuccesses extends BatchProcessor {
  override successHandler(): SuccessResponse {
    return held() as never;
  }
}

const [prepare, clean, failureHandler, successHandler] = [
  ...[Preparing, Cleaning, TellingOfFailures, TellingOfSuccesses],
].map((Processor) => new Processor(EventType.SQS)) as [BatchProcessor, BatchProcessor, BatchProcessor, BatchProcessor];

class Orders {
  @BatchHandler({ source: 'SQS', payload, stopBeforeTimeout })
  reader(text: string): Promise<void> {
    return workOn(text);
  }

  @BatchHandler({ source: 'SQS', nonRetryable, stopBeforeTimeout })
  deliverTo(record: SQSRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'SQS', observers: onBatchStart, stopBeforeTimeout })
  onBatchStart(record: SQSRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'SQS', observers: onBatchEnd, stopBeforeTimeout })
  onBatchEnd(record: SQSRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'SQS', observers: aroundRecord, stopBeforeTimeout })
  aroundRecord(record: SQSRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'SQS', retryDelay, stopBeforeTimeout })
  retryDelay(record: SQSRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'SQS', processor: prepare, stopBeforeTimeout })
  prepare(record: SQSRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'SQS', processor: clean, stopBeforeTimeout })
  clean(record: SQSRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'SQS', processor: failureHandler, stopBeforeTimeout })
  failureHandler(record: SQSRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'SQS', processor: successHandler, stopBeforeTimeout })
  successHandler(record: SQSRecord): Promise<void> {
    return workOn(textOf(record));
  }
}

export const decorated = new Orders();

const handle = (record: SQSRecord): Promise<void> => workOn(textOf(record));

export const created = {
  reader: createBatchHandler({ source: 'SQS', payload, stopBeforeTimeout }, (text) => workOn(text)),
  deliverTo: createBatchHandler({ source: 'SQS', nonRetryable, stopBeforeTimeout }, handle),
  onBatchStart: createBatchHandler({ source: 'SQS', observers: onBatchStart, stopBeforeTimeout }, handle),
  onBatchEnd: createBatchHandler({ source: 'SQS', observers: onBatchEnd, stopBeforeTimeout }, handle),
  aroundRecord: createBatchHandler({ source: 'SQS', observers: aroundRecord, stopBeforeTimeout }, handle),
  retryDelay: createBatchHandler({ source: 'SQS', retryDelay, stopBeforeTimeout }, handle),
};

/** An entry of the class API. */
function respondingBy(processor: BatchProcessor, options: BatchProcessingOptions = {}) {
  return (event: SQSEvent, context: Context): Promise<object> =>
    processPartialResponse(event, handle, processor, { ...options, stopBeforeTimeout, context, logger: console });
}

const standard = new BatchProcessor(EventType.SQS);

export const classApi = {
  reader: respondingBy(standard, { payload }),
  deliverTo: respondingBy(standard, { nonRetryable }),
  onBatchStart: respondingBy(standard, { observers: onBatchStart }),
  onBatchEnd: respondingBy(standard, { observers: onBatchEnd }),
  aroundRecord: respondingBy(standard, { observers: aroundRecord }),
  retryDelay: respondingBy(standard, { retryDelay }),
  prepare: respondingBy(prepare),
  clean: respondingBy(clean),
  failureHandler: respondingBy(failureHandler),
  successHandler: respondingBy(successHandler),
};
