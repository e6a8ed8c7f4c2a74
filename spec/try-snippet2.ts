import { expect } from 'chai';
import { settingsOf, simulateQueue } from 'lambda-batch-handler/testing';

import { handle } from './try-snippet';

it('keeps what fails, as template.yaml has its queue', async () => {
  const messages = ['good', 'bad'];
  const result = await simulateQueue({ handler: handle, messages, ...settingsOf('template.yaml', 'OrderHandler') });
  expect(result.deadLettered.map(({ payload }) => payload)).to.deep.equal(['bad']);
});
