declare module 'kinesalite' {
  import type { Server } from 'node:http';

  interface Options {
    /** How long a stream takes to become active. Default: 500. */
    readonly createStreamMs?: number;
  }

  /** A server that is still to listen; its `close` wants a callback. */
  function kinesalite(options?: Options): Server;
  export = kinesalite;
}
