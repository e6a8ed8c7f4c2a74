import { expect } from 'chai';

import * as library from '../lib';

describe('The package', () => {
  it('exports these names, and no others', () => {
    expect(Object.keys(library).sort()).to.deep.equal([
      'BasePartialBatchProcessor',
      'BasePartialProcessor',
      'BatchHandler',
      'BatchProcessingError',
      'BatchProcessor',
      'BatchProcessorSync',
      'Delivery',
      'EventType',
      'FullBatchFailureError',
      'NonRetryableError',
      'ParsingError',
      'RecordTimeoutError',
      'SqsFifoMessageGroupShortCircuitError',
      'SqsFifoPartialProcessor',
      'SqsFifoPartialProcessorAsync',
      'SqsFifoShortCircuitError',
      'StopBatchError',
      'StoppedBeforeTimeoutError',
      'UnexpectedBatchTypeError',
      'UnprocessedRecordError',
      'createBatchHandler',
      'getBatchHandlerOptions',
      'lambdaHandler',
      'observe',
      'processPartialResponse',
      'processPartialResponseSync',
    ]);
  });

  it('has something under each name', () => {
    expect(Object.values(library)).to.have.length(26).and.not.include(undefined);
  });

  it('has the event types by the names of their sources', () => {
    expect(library.EventType).to.deep.equal({
      SQS: 'SQS',
      KinesisDataStreams: 'KinesisDataStreams',
      DynamoDBStreams: 'DynamoDBStreams',
    });
  });
});
