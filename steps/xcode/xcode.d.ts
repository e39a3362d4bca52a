// The package brings no types, and its main module works on paths only: the parser behind it takes text.
declare module 'xcode/lib/parser/pbxproj.js' {
  /** Throws a SyntaxError with `location`. */
  export function parse(text: string): unknown;
}
