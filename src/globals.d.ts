/** Set by the build. */
declare const LAUNCHBOOK_VERSION: string;
