// The ways a call ends other than well, with the exit codes of facts/flyctl.md §2.11.

/** `Error: message` on stderr, exit 1. */
export class FlyError extends Error {}

/** The server does not know the token. */
export class Refused extends FlyError {}

/** Cancelled by a signal, or joined with a cancellation: exit 127 and no Error line. */
export class Cancelled extends Error {}

/** A Go panic: exit 3. */
export class Panic extends Error {}

/** The real fly can do this; the stand-in cannot, and says so instead of guessing. Exit 70. */
export class NoStandIn extends Error {}

/** An error of the web API: the query stands before the message. */
export const graphql = (query: string, message: string): FlyError =>
  new FlyError(`failed to run query(${query}: ${message}`);

/** Errors of the machines API carry ids of the request. */
export const flaps = (message: string, id: string): FlyError =>
  new FlyError(`${message} (Request ID: 01${id.toUpperCase().slice(0, 24)}-sjc) (Trace ID: ${id.slice(0, 32)})`);
