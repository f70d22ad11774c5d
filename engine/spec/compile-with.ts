/** Compiles text that the engine wrote. What users wrote goes in through `each-source.ts` or `expression.ts`. */

/** Compiles text with values in scope, in strict mode; a fresh function has type feedback of its own. */
export function compileWith<Made>(text: string, values: Readonly<Record<string, unknown>>): Made {
  const names = Object.keys(values)
  // Parameters could be assigned, constants cannot: V8 takes the functions among them for fixed and inlines them.
  const constants = names.map((name, at) => `const ${name} = weir_values[${at}];`).join('')
  return new Function('weir_values', `"use strict";${constants}${text}`)(Object.values(values)) as Made
}
