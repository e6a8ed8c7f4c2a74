import { expect } from 'chai';
import sinon from 'sinon';

import { lambdaHandler } from '../../lib';
import { Mailer, ReminderHandler } from '../../samples/testing';
import { lambdaContext, reporting, sqsEvent } from '../support/events';

const first = { invoice: 'i-1', address: 'billing@example.com' };
const second = { invoice: 'i-2', address: 'office@example.org' };
const event = () => sqsEvent(JSON.stringify(first), JSON.stringify(second));

describe('Testing your code with mocha and sinon', () => {
  beforeEach(() => {
    sinon.stub(console, 'error');
  });

  afterEach(() => {
    sinon.restore();
  });

  it('gives the handler a stub for its collaborator, and looks at what it was told', async () => {
    const mailer = sinon.createStubInstance(Mailer);
    const handler = lambdaHandler(new ReminderHandler(mailer), 'handle');

    const answer = await handler(event(), lambdaContext());

    expect(answer).to.deep.equal({ batchItemFailures: [] });
    sinon.assert.calledTwice(mailer.send);
    sinon.assert.calledWith(mailer.send, first);
    sinon.assert.calledWith(mailer.send, second);
  });

  it('has the stub fail for one record, which is then the one that is reported', async () => {
    const mailer = sinon.createStubInstance(Mailer);
    mailer.send.withArgs(second).rejects(new Error('mailbox full'));
    const handler = lambdaHandler(new ReminderHandler(mailer), 'handle');

    const answer = await handler(event(), lambdaContext());

    expect(answer).to.deep.equal(reporting(JSON.stringify(second)));
  });

  it('calls the entry detached, as Lambda does', async () => {
    const mailer = sinon.createStubInstance(Mailer);
    const reminders = new ReminderHandler(mailer);
    const detached = lambdaHandler(reminders, 'handle');

    await detached(event(), lambdaContext());

    sinon.assert.calledTwice(mailer.send);
  });

  it('replaces the entry itself with a fake', async () => {
    const reminders = new ReminderHandler();
    const handler = lambdaHandler(reminders, 'handle');
    const fake = sinon.fake.resolves({ batchItemFailures: [] });
    sinon.stub(reminders, 'handle').value(fake);

    await handler(event(), lambdaContext());

    sinon.assert.calledOnce(fake);
  });

  it('gives the entry back when its stub is restored', async () => {
    const mailer = sinon.createStubInstance(Mailer);
    const reminders = new ReminderHandler(mailer);
    const entry = sinon.stub(reminders, 'handle').value(sinon.fake.resolves({ batchItemFailures: [] }));
    entry.restore();

    await lambdaHandler(reminders, 'handle')(event(), lambdaContext());

    sinon.assert.calledTwice(mailer.send);
  });
});
