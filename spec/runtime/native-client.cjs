// Takes the place of the native part of AWS's runtime interface client, which its install script compiles. As there, `next`
// keeps the process alive while it waits, and `done` and `error` have posted when they return: from a thread of their own.
// Beyond that it tells, as long as an invocation is not over, that the process is alive, and does not keep it alive by that.
const { text } = require('node:stream/consumers');
const http = require('node:http');
const Module = require('node:module');
const { Worker } = require('node:worker_threads');

const { setInterval, clearInterval } = globalThis;
const BEAT_MS = 50;

const load = Module._load;
Module._load = function (request, ...rest) {
  return request === './rapid-client.node' ? nativeClient() : load.call(this, request, ...rest);
};

function nativeClient() {
  const invocation = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
  const posted = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(`(${poster})()`, { eval: true, workerData: posted, execArgv: [] });
  thread.unref();

  const beats = new Map();
  const beat = (id) => {
    const tell = () => thread.postMessage({ url: `${invocation}/${id}/alive` });
    beats.set(id, setInterval(tell, BEAT_MS).unref());
  };
  const post = (id, what, body) => {
    clearInterval(beats.get(id));
    beats.delete(id);
    Atomics.store(posted, 0, 0);
    thread.postMessage({ url: `${invocation}/${id}/${what}`, body });
    Atomics.wait(posted, 0, 0);
  };
  const next = () =>
    new Promise((resolve, reject) => {
      const received = async (response) => {
        const { headers } = response;
        const bodyJson = await text(response);
        beat(headers['lambda-runtime-aws-request-id']);
        resolve({ headers, bodyJson });
      };
      http.get(`${invocation}/next`, { agent: false }, received).on('error', reject);
    });
  return { next, done: (id, body) => post(id, 'response', body), error: (id, body) => post(id, 'error', body) };
}

/** What the thread runs. */
function poster() {
  const { parentPort, workerData: posted } = require('node:worker_threads');
  const { request } = require('node:http');
  parentPort.on('message', ({ url, body }) => {
    const received = (response) => {
      response.resume();
      if (body === undefined) return;
      Atomics.store(posted, 0, 1);
      Atomics.notify(posted, 0);
    };
    request(url, { method: 'POST', agent: false }, received).end(body);
  });
}
