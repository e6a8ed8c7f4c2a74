// Loaded before all else in a loader and in its worker threads: nothing that a handler does while it is loaded leaves the
// process. It is told what it would be told where nobody listens, so that what it has for that case is at work.
import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Functions = Record<string, AnyFunction>;

const refused = (): Error =>
  Object.assign(new Error('connect ECONNREFUSED: a handler that is checked reaches no network'), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
  });

const { connect } = net.Socket.prototype as unknown as Functions;

/** Finds no address: also for TLS, HTTP, HTTP/2 and fetch, which all connect by it, and for a path. */
const nowhere: net.TcpSocketConnectOpts = {
  host: 'placeholder.invalid',
  port: 443,
  lookup: (_host, _options, found) =>
    setImmediate(() => {
      found(refused(), []);
    }),
};
net.Socket.prototype.connect = function (this: net.Socket) {
  return Reflect.apply(connect!, this, [nowhere]) as net.Socket;
};

const callingBack: AnyFunction = (...args) => {
  const callback = args.at(-1);
  if (typeof callback === 'function') setImmediate(() => void (callback as AnyFunction)(refused()));
};
const rejecting: AnyFunction = () => Promise.reject(refused());
const throwing: AnyFunction = () => {
  throw new Error('a handler that is checked starts no process');
};

function replace(target: object, names: RegExp, by: AnyFunction): void {
  for (const name of Object.getOwnPropertyNames(target).filter((each) => names.test(each))) {
    (target as Functions)[name] = by;
  }
}

const queries = /^(lookup|resolve|reverse)/;
replace(dgram.Socket.prototype, /^(connect|send)$/, callingBack);
for (const target of [dns, dns.Resolver.prototype]) replace(target, queries, callingBack);
for (const target of [dns.promises, dns.promises.Resolver.prototype]) replace(target, queries, rejecting);
replace(childProcess.ChildProcess.prototype, /^spawn$/, throwing);
replace(childProcess, /Sync$/, throwing);
syncBuiltinESMExports();
